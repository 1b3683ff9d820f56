/** `x == true`. */
import type { Expression } from "../../ast/expression.ts";
import { allParts } from "../../ast/walk.ts";
import { replaceFix } from "../../check/suggest.ts";
import { finding } from "../../diagnostics/table.ts";
import { conditionsOf, textAt, type LintRule } from "../lint-rule.ts";

export const comparedWithBool: LintRule = {
  code: "lint/compared-with-bool",
  check: (context) =>
    conditionsOf(context)
      .flatMap(allParts)
      .flatMap((part) => {
        if (part.kind !== "compare" || (part.op !== "==" && part.op !== "!=")) return [];
        const [value, other] = isBool(part.right) ? [part.right, part.left] : [part.left, part.right];
        if (!isBool(value)) return [];
        const isWanted = (value.text === "true") === (part.op === "==");
        const plain = `${isWanted ? "" : "not "}${textAt(context, other.span)}`;
        return [
          finding("lint/compared-with-bool", part.span, { plain }, { fixes: [replaceFix(part.span, plain)] }),
        ];
      }),
};

function isBool(expression: Expression): expression is Extract<Expression, { kind: "literal" }> {
  return expression.kind === "literal" && expression.type === "bool";
}
