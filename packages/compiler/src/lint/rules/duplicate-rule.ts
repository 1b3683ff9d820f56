/** Two rules of one layer that say the same. */
import type { Case, CheckedRule } from "../../check/rule.ts";
import { finding } from "../../diagnostics/table.ts";
import type { LintRule } from "../lint-rule.ts";
import { isCovered } from "../same-cases.ts";

export const duplicateRule: LintRule = {
  code: "lint/duplicate-rule",
  check: ({ rules }) =>
    rules.flatMap((rule, i) => {
      const first = rules.slice(0, i).find((other) => isSame(rule, other));
      if (first === undefined) return [];
      return [
        finding(
          "lint/duplicate-rule",
          rule.statement.name.span,
          { name: rule.statement.name.text, other: first.rule.id },
          { related: [{ span: first.statement.name.span, message: "the other one" }] },
        ),
      ];
    }),
};

/** True for rules of one kind and layer with the same cases. Also what `shadowedRule` leaves to this lint. */
export function isSame(a: CheckedRule, b: CheckedRule): boolean {
  return (
    a.rule.kind === b.rule.kind &&
    a.rule.layer === b.rule.layer &&
    isCovered(a, b, sameTerms) &&
    isCovered(b, a, sameTerms)
  );
}

function sameTerms(a: Case, b: Case): boolean {
  const terms = ({
    principal: _p,
    action: _a,
    entity: _e,
    row: _r,
    when: _w,
    actionSpan: _s,
    ...rest
  }: Case) => JSON.stringify(rest);
  return terms(a) === terms(b);
}
