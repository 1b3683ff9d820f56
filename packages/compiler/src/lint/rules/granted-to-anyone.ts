/** A permit that lets anyone delete or export. */
import { finding } from "../../diagnostics/table.ts";
import type { LintRule } from "../lint-rule.ts";

export const grantedToAnyone: LintRule = {
  code: "lint/granted-to-anyone",
  check: ({ rules, model }) =>
    rules.flatMap(({ rule, statement, cases }) => {
      if (rule.kind !== "permit" || statement.reach === null) return [];
      const { who } = statement.reach;
      if (who.kind !== "anyone" || who.except.length > 0) return [];
      const grave = cases.find(
        ({ action }) => model.actions.get(action)?.kind === "deletes" || action.startsWith("export"),
      );
      return grave === undefined
        ? []
        : [finding("lint/granted-to-anyone", who.span, { action: grave.action, type: grave.entity })];
    }),
};
