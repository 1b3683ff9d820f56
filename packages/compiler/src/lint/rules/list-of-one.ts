/** `x in [a]`. */
import type { Expression } from "../../ast/expression.ts";
import { allParts } from "../../ast/walk.ts";
import { replaceFix } from "../../check/suggest.ts";
import { finding } from "../../diagnostics/table.ts";
import { conditionsOf, textAt, type LintContext, type LintRule } from "../lint-rule.ts";

export const listOfOne: LintRule = {
  code: "lint/list-of-one",
  check: (context) =>
    conditionsOf(context)
      .flatMap(allParts)
      .flatMap((part) => {
        if (part.kind !== "compare" || part.right.kind !== "list") return [];
        if (part.op !== "in" && part.op !== "not in") return [];
        const [only] = part.right.of;
        if (part.right.of.length !== 1 || only === undefined || !isValue(context, only)) return [];
        const plain = `${textAt(context, part.left.span)} ${part.op === "in" ? "==" : "!="} ${textAt(context, only.span)}`;
        return [finding("lint/list-of-one", part.span, { plain }, { fixes: [replaceFix(part.span, plain)] })];
      }),
};

/**
 * What equals the other side wherever it is in the list: not an entity, a network or a range, which hold others, nor a
 * let's parameter, which may stand for one.
 */
function isValue({ model }: LintContext, item: Expression): boolean {
  if (item.kind === "literal") return !item.text.includes("/") || item.type === "string";
  if (item.kind !== "path" || item.root.kind !== "name" || item.steps.length > 0) return false;
  const { text } = item.root.name;
  return [...model.enums.values()].some((values) => values.includes(text));
}
