/** `x in [a]`. */
import { allParts } from "../../ast/walk.ts";
import { replaceFix } from "../../check/suggest.ts";
import { finding } from "../../diagnostics/table.ts";
import { conditionsOf, textAt, type LintRule } from "../lint-rule.ts";

export const listOfOne: LintRule = {
  code: "lint/list-of-one",
  check: (context) =>
    conditionsOf(context)
      .flatMap(allParts)
      .flatMap((part) => {
        if (part.kind !== "compare" || part.right.kind !== "list") return [];
        if (part.op !== "in" && part.op !== "not in") return [];
        const [only] = part.right.of;
        // An entity or a network in a list is not what equals it, but what holds the other side.
        if (
          part.right.of.length !== 1 ||
          only === undefined ||
          holdsOthers(only.kind, textAt(context, only.span))
        )
          return [];
        const plain = `${textAt(context, part.left.span)} ${part.op === "in" ? "==" : "!="} ${textAt(context, only.span)}`;
        return [finding("lint/list-of-one", part.span, { plain }, { fixes: [replaceFix(part.span, plain)] })];
      }),
};

function holdsOthers(kind: string, text: string): boolean {
  return kind === "entity" || text.includes("/");
}
