/** Warnings about rules beside each other: permits beyond every ceiling, masks that a guardrail makes stricter. */
import { strictness } from "@wardline/core";
import { finding } from "../diagnostics/table.ts";
import type { Report } from "./report.ts";
import type { Case, CheckedRule } from "./rule.ts";

/** A permit for what no ceiling allows has no effect there. */
export function checkCeilings(report: Report, rules: readonly CheckedRule[]): void {
  const ceilings = rules.filter((rule) => rule.rule.kind === "ceiling");
  if (ceilings.length === 0) return;
  const open = new Set(ceilings.flatMap((rule) => rule.cases.filter(canHold).map(keyOf)));
  for (const { rule, statement, cases } of rules) {
    if (rule.kind !== "permit") continue;
    const clipped = new Map<string, { readonly types: Set<string>; readonly at: Case }>();
    const allowed = new Set(cases.filter((c) => open.has(keyOf(c))).map((c) => `${c.action} ${c.entity}`));
    for (const c of cases) {
      if (!canHold(c) || allowed.has(`${c.action} ${c.entity}`)) continue;
      const entry = clipped.get(c.action) ?? { types: new Set<string>(), at: c };
      clipped.set(c.action, entry);
      entry.types.add(c.entity);
    }
    // What one word of the rule brought is said once, whatever it stands for.
    const quoted = (names: Iterable<string>) => [...names].map((name) => `\`${name}\``).join(", ");
    const spots = Map.groupBy(clipped, ([, { types, at }]) => `${at.actionSpan?.start} ${quoted(types)}`);
    for (const [first, ...rest] of spots.values()) {
      if (first === undefined) continue;
      const [action, { types, at }] = first;
      report.add(
        finding("guardrail/beyond-ceiling", at.actionSpan ?? statement.name.span, {
          actions: quoted([action, ...rest.map(([other]) => other)]),
          types: quoted(types),
        }),
      );
    }
  }
}

/** A tenant's mask that a require of the platform is stricter than: what the tenant wrote is not what is shown. */
export function checkMasks(report: Report, rules: readonly CheckedRule[]): void {
  const strictest = new Map<string, { readonly rule: string; readonly step: number }>();
  for (const { rule, cases } of rules) {
    if (rule.layer !== "platform" || rule.kind !== "require") continue;
    for (const c of cases)
      for (const effect of canHold(c) ? c.effects : []) {
        const key = `${keyOf(c)} ${effect.field}`;
        const step = strictness(effect.mask);
        if (step > (strictest.get(key)?.step ?? 0)) strictest.set(key, { rule: rule.id, step });
      }
  }
  for (const { rule, statement, cases } of rules) {
    // A pack says the least that it wants and knows no platform.
    if (rule.layer !== "tenant" || rule.pack !== undefined) continue;
    for (const c of cases)
      for (const effect of c.effects) {
        const over = strictest.get(`${keyOf(c)} ${effect.field}`);
        if (over === undefined || over.step <= strictness(effect.mask)) continue;
        const terms =
          statement.kind === "require"
            ? statement.terms
            : statement.clauses.flatMap((x) => (x.kind === "with" ? x.terms : []));
        const term = terms.find(
          (t) =>
            t.kind === "call" &&
            t.args.some((a) => a.term.kind === "call" && a.term.name.text === effect.field),
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

function canHold(c: Case): boolean {
  return c.when.kind !== "constant" || c.when.value;
}

function keyOf(c: Case): string {
  return `${c.principal} ${c.action} ${c.entity}`;
}
