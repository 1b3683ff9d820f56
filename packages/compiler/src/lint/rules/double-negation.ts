/** `not not x`, `unless not x`, `not (a in b)`. */
import type { Expression } from "../../ast/expression.ts";
import type { Finding } from "@wardline/core";
import { allParts, isCondition } from "../../ast/walk.ts";
import { replaceFix } from "../../check/suggest.ts";
import { finding } from "../../diagnostics/table.ts";
import { conditionsOf, textAt, writtenRules, type LintContext, type LintRule } from "../lint-rule.ts";

export const doubleNegation: LintRule = {
  code: "lint/double-negation",
  check: (context) => [
    ...conditionsOf(context)
      .flatMap(allParts)
      .flatMap((part) => inside(context, part)),
    ...writtenRules(context).flatMap((statement) =>
      statement.clauses.flatMap((clause): readonly Finding[] => {
        if (!isCondition(clause) || clause.kind !== "unless" || clause.condition.kind !== "not") return [];
        const plain = `when ${textAt(context, clause.condition.of.span)}`;
        return [
          finding(
            "lint/double-negation",
            clause.span,
            { plain },
            { fixes: [replaceFix(clause.span, plain)] },
          ),
        ];
      }),
    ),
  ],
};

function inside(context: LintContext, expression: Expression): readonly Finding[] {
  if (expression.kind !== "not") return [];
  const { of } = expression;
  const text = (part: Expression) => textAt(context, part.span);
  const plain =
    of.kind === "not"
      ? text(of.of)
      : of.kind === "compare" && of.op === "in"
        ? `${text(of.left)} not in ${text(of.right)}`
        : of.kind === "compare" && of.op === "not in"
          ? `${text(of.left)} in ${text(of.right)}`
          : null;
  if (plain === null) return [];
  return [
    finding(
      "lint/double-negation",
      expression.span,
      { plain },
      { fixes: [replaceFix(expression.span, plain)] },
    ),
  ];
}
