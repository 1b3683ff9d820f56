/** A condition that stands twice among the clauses of a rule, or in one `and` or `or`. */
import type { Finding } from "@wardline/core";
import type { Expression } from "../../ast/expression.ts";
import { allParts, isCondition } from "../../ast/walk.ts";
import { finding } from "../../diagnostics/table.ts";
import { conditionsOf, textAt, writtenRules, type LintContext, type LintRule } from "../lint-rule.ts";

export const repeatedCondition: LintRule = {
  code: "lint/repeated-condition",
  check: (context) => [
    ...writtenRules(context).flatMap((statement) => {
      const clauses = statement.clauses.filter(isCondition);
      return ["when", "unless"].flatMap((kind) =>
        repeated(
          context,
          clauses.filter((clause) => clause.kind === kind).map((clause) => clause.condition),
        ),
      );
    }),
    ...conditionsOf(context)
      .flatMap(allParts)
      .flatMap((part) => (part.kind === "and" || part.kind === "or" ? repeated(context, part.of) : [])),
  ],
};

function repeated(context: LintContext, of: readonly Expression[]): readonly Finding[] {
  const texts = of.map((part) => textAt(context, part.span).replaceAll(/\s+/g, " "));
  return of.flatMap((part, i) =>
    texts.indexOf(texts[i] ?? "") < i ? [finding("lint/repeated-condition", part.span, {})] : [],
  );
}
