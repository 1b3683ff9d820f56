/** Masks of a tenant that the platform's are stricter than. */
import { strictness } from "@wardline/core";
import type { Term } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import type { Report } from "../check/report.ts";
import type { CheckedRule } from "../check/rule.ts";
import type { Model } from "../check/symbols.ts";
import { canHold, placeOf } from "./places.ts";

/** A tenant's mask that a require of the platform is stricter than: what the tenant wrote is not what is shown. */
export function checkMasks(report: Report, model: Model, rules: readonly CheckedRule[]): void {
  const strictest = new Map<string, { readonly rule: string; readonly step: number }>();
  for (const { rule, cases } of rules) {
    if (rule.layer !== "platform" || rule.kind !== "require") continue;
    for (const c of cases)
      for (const effect of canHold(c) ? c.effects : []) {
        const key = `${placeOf(c)} ${effect.field}`;
        const step = strictness(effect.mask);
        if (step > (strictest.get(key)?.step ?? 0)) strictest.set(key, { rule: rule.id, step });
      }
  }
  for (const { rule, statement, cases } of rules) {
    // A pack says the least that it wants and knows no platform.
    if (rule.layer !== "tenant" || rule.pack !== undefined) continue;
    for (const c of cases)
      for (const effect of c.effects) {
        const over = strictest.get(`${placeOf(c)} ${effect.field}`);
        if (over === undefined || over.step <= strictness(effect.mask)) continue;
        const classes = model.entities.get(c.entity)?.fields.get(effect.field)?.model.classes ?? [];
        const term = termsOf(statement).find(
          (t) => t.kind === "call" && t.args.some(({ term: named }) => names(named, effect.field, classes)),
        );
        report.add(
          finding("guardrail/mask-weaker", term?.span ?? statement.name.span, {
            rule: over.rule,
            field: effect.field,
          }),
        );
      }
  }
}

function termsOf(statement: CheckedRule["statement"]): readonly Term[] {
  return statement.kind === "require"
    ? statement.terms
    : statement.clauses.flatMap((clause) => (clause.kind === "with" ? clause.terms : []));
}

function names(term: Term, field: string, classes: readonly string[]): boolean {
  if (term.kind === "class") return classes.includes(term.name.text);
  return term.kind === "call" && term.name.text === field;
}
