/** An action on a type that no ceiling covers, where the platform has ceilings. */
import { finding } from "../../diagnostics/table.ts";
import type { LintRule } from "../lint-rule.ts";

export const uncoveredAction: LintRule = {
  code: "lint/uncovered-action",
  check: ({ model, platform, rules }) => {
    const ceilings = rules.filter(({ rule }) => rule.kind === "ceiling");
    const [file] = platform;
    if (ceilings.length === 0 || file === undefined) return [];
    const covered = new Set(ceilings.flatMap(({ cases }) => cases.map((c) => `${c.action} ${c.entity}`)));
    const open = [...model.actions.values()].flatMap((action) =>
      action.entities
        .filter((entity) => !covered.has(`${action.name} ${entity}`))
        .map((entity) => `\`${action.name}\` of \`${entity}\``),
    );
    return open.length === 0
      ? []
      : [finding("lint/uncovered-action", file.headerSpan, { actions: open.join(", ") })];
  },
};
