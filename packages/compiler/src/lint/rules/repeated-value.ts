/** A value that stands twice in a list. */
import { allParts } from "../../ast/walk.ts";
import { finding } from "../../diagnostics/table.ts";
import { conditionsOf, textAt, type LintRule } from "../lint-rule.ts";
import { leaveOut } from "../leave-out.ts";

export const repeatedValue: LintRule = {
  code: "lint/repeated-value",
  check: (context) =>
    conditionsOf(context)
      .flatMap(allParts)
      .flatMap((part) => {
        if (part.kind !== "list") return [];
        const texts = part.of.map((item) => textAt(context, item.span));
        return part.of.flatMap((item, i) => {
          const value = texts[i] ?? "";
          if (texts.indexOf(value) === i) return [];
          return [
            finding(
              "lint/repeated-value",
              item.span,
              { value },
              {
                fixes: [
                  leaveOut(
                    part.of.map((p) => p.span),
                    i,
                  ),
                ],
              },
            ),
          ];
        });
      }),
};
