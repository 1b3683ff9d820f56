/** Grants of what no ceiling allows: they have no effect there. */
import { finding } from "../diagnostics/table.ts";
import type { Report } from "../check/report.ts";
import type { Case, CheckedRule } from "../check/rule.ts";
import { canHold, placeOf, quoted } from "./places.ts";

export function checkCeilings(report: Report, rules: readonly CheckedRule[]): void {
  const ceilings = rules.filter((rule) => rule.rule.kind === "ceiling");
  if (ceilings.length === 0) return;
  const open = new Set(ceilings.flatMap((rule) => rule.cases.filter(canHold).map(placeOf)));
  for (const { rule, statement, cases } of rules) {
    if (rule.kind !== "permit" && rule.kind !== "share") continue;
    const clipped = new Map<string, { readonly types: Set<string>; readonly at: Case }>();
    const allowed = new Set(cases.filter((c) => open.has(placeOf(c))).map((c) => `${c.action} ${c.entity}`));
    for (const c of cases) {
      if (!canHold(c) || allowed.has(`${c.action} ${c.entity}`)) continue;
      const entry = clipped.get(c.action) ?? { types: new Set<string>(), at: c };
      clipped.set(c.action, entry);
      entry.types.add(c.entity);
    }
    // What one word of the rule brought is said once, whatever it stands for.
    const spots = Map.groupBy(clipped, ([, { types, at }]) => `${at.actionSpan?.start} ${quoted(types)}`);
    for (const [first, ...rest] of spots.values()) {
      if (first === undefined) continue;
      const [action, { types, at }] = first;
      report.add(
        finding("guardrail/beyond-ceiling", at.actionSpan ?? statement.name.span, {
          problem: `no ceiling allows ${quoted([action, ...rest.map(([other]) => other)])} of ${quoted(types)}: the rule has no effect there`,
          help: "leave it out, or ask the platform for a ceiling that allows it",
        }),
      );
    }
  }
}
