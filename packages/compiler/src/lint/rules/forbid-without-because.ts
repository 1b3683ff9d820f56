/** A forbid that does not say why. */
import { finding } from "../../diagnostics/table.ts";
import { writtenRules, type LintRule } from "../lint-rule.ts";

export const forbidWithoutBecause: LintRule = {
  code: "lint/forbid-without-because",
  check: (context) =>
    writtenRules(context).flatMap((statement) =>
      statement.kind === "forbid" && !statement.clauses.some((clause) => clause.kind === "because")
        ? [finding("lint/forbid-without-because", statement.name.span, { name: statement.name.text })]
        : [],
    ),
};
