/** `when true`, `unless false`: a clause that changes nothing, or everything. */
import { isCondition } from "../../ast/walk.ts";
import { finding } from "../../diagnostics/table.ts";
import { writtenRules, type LintRule } from "../lint-rule.ts";

export const constantCondition: LintRule = {
  code: "lint/constant-condition",
  check: (context) =>
    writtenRules(context).flatMap((statement) =>
      statement.clauses.flatMap((clause) => {
        if (!isCondition(clause)) return [];
        const { condition } = clause;
        if (condition.kind !== "literal" || condition.type !== "bool") return [];
        const isIdle = (condition.text === "true") === (clause.kind === "when");
        const effect = isIdle ? "changes nothing" : "lets the rule never apply";
        return [finding("lint/constant-condition", clause.span, { effect })];
      }),
    ),
};
