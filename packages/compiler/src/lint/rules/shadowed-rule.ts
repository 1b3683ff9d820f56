/** A permit or forbid that another one of its layer makes needless: whatever it matches the other one does. */
import type { Case, CheckedRule } from "../../check/rule.ts";
import { finding } from "../../diagnostics/table.ts";
import { leaveOutStatement, type LintRule } from "../lint-rule.ts";
import { coverCandidates, isCovered, showsAsMuch, signatureOf } from "../same-cases.ts";

export const shadowedRule: LintRule = {
  code: "lint/shadowed-rule",
  check: (context) => {
    const { rules } = context;
    const candidates = coverCandidates(rules);
    return rules.flatMap((rule) => {
      const wide = candidates(rule).find(
        (other) => signatureOf(other) !== signatureOf(rule) && shadows(other, rule),
      );
      if (wide === undefined) return [];
      return [
        finding(
          "lint/shadowed-rule",
          rule.statement.name.span,
          { name: rule.statement.name.text, other: wide.rule.id },
          {
            related: [{ span: wide.statement.name.span, message: "the wider one" }],
            fixes: rule.rule.pack === undefined ? [leaveOutStatement(context, rule.statement)] : [],
          },
        ),
      ];
    });
  },
};

function shadows(wide: CheckedRule, narrow: CheckedRule): boolean {
  if (wide.rule.kind !== narrow.rule.kind || wide.rule.layer !== narrow.rule.layer) return false;
  if (narrow.rule.kind === "forbid") return isCovered(narrow, wide, () => true);
  // A permit with terms beside its masks does more than grant.
  return narrow.rule.kind === "permit" && isCovered(narrow, wide, grantsAsMuch);
}

function grantsAsMuch(narrow: Case, wide: Case): boolean {
  return isBare(narrow) && isBare(wide) && showsAsMuch(narrow.effects, wide.effects);
}

function isBare({ preconditions, limit, duties }: Case): boolean {
  return preconditions.length === 0 && limit === null && duties.length === 0;
}
