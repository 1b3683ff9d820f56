/** What a tenant forbids or requires of someone whom a floor of the platform covers: it stops nothing there. */
import type { Span } from "@wardline/core";
import { always, ask, never, type Formula } from "../check/formula.ts";
import type { Report } from "../check/report.ts";
import type { Case, CheckedRule } from "../check/rule.ts";
import { closeRole, type RoleSymbol } from "../check/symbols.ts";
import { finding } from "../diagnostics/table.ts";
import { newImplies } from "./implies.ts";
import { passOf, quoted } from "./places.ts";

type Roles = ReadonlyMap<string, RoleSymbol>;

/** A part of whom a rule reaches: all, or who bears one of the names in it. */
interface Part {
  readonly name: string | null;
  readonly span: Span;
  /** What is known of who is meant. */
  readonly who: (c: Case) => Formula;
}

export function checkFloorStops(report: Report, rules: readonly CheckedRule[], roles: Roles): void {
  const floors = new Map<string, { readonly rule: CheckedRule; readonly when: Formula }[]>();
  for (const rule of rules)
    if (rule.rule.kind === "floor")
      for (const c of rule.cases)
        floors.set(passOf(c), [...(floors.get(passOf(c)) ?? []), { rule, when: c.when }]);
  if (floors.size === 0) return;
  const implies = newImplies();
  for (const rule of rules) {
    // A pack says what it wants of any model and knows no floor.
    if (rule.rule.layer !== "tenant" || rule.rule.pack !== undefined || !binds(rule)) continue;
    for (const part of partsOf(rule, roles)) {
      const stopped = new Map<string, { readonly floor: CheckedRule; readonly c: Case }>();
      for (const c of rule.cases) {
        const over = floors.get(passOf(c)) ?? [];
        const who = part.who(c);
        if (over.length === 0 || isNever(who) || isNever(c.when)) continue;
        const floor = over.find((one) => implies([who, c.when], one.when));
        if (floor) stopped.set(passOf(c), { floor: floor.rule, c });
      }
      say(report, rule, part, [...stopped.values()]);
    }
  }
}

/** A forbid, or a require that asks for more than duties. */
function binds({ rule, cases }: CheckedRule): boolean {
  if (rule.kind === "forbid") return true;
  return (
    rule.kind === "require" &&
    cases.some((c) => c.effects.length > 0 || c.preconditions.length > 0 || c.limit !== null)
  );
}

/** All whom the rule reaches, and each of the names by itself where there are several. */
function partsOf({ statement }: CheckedRule, roles: Roles): readonly Part[] {
  if (statement.reach === null) return [];
  const { who } = statement.reach;
  if (who.kind === "anyone") return [{ name: null, span: who.span, who: () => always }];
  return who.names.map((name) => ({
    name: name.text,
    span: name.span,
    who: (c) => {
      const role = roles.get(name.text);
      if (role === undefined) return c.principal === name.text ? always : never;
      const held = closeRole(roles, name.text).filter((r) => roles.get(r)?.types.has(c.principal) === true);
      return held.length === 0 ? never : ask({ kind: "role", roles: held });
    },
  }));
}

function isNever(formula: Formula): boolean {
  return formula.kind === "constant" && !formula.value;
}

function say(
  report: Report,
  rule: CheckedRule,
  part: Part,
  stopped: readonly { readonly floor: CheckedRule; readonly c: Case }[],
): void {
  for (const [floor, places] of Map.groupBy(stopped, (one) => one.floor)) {
    const actions = quoted(places.map(({ c }) => c.action));
    const types = quoted(places.map(({ c }) => c.entity));
    report.add(
      finding(
        "guardrail/stopped-by-floor",
        part.span,
        {
          floor: floor.rule.id,
          who: part.name === null ? "anyone" : `\`${part.name}\``,
          actions,
          types,
          kind: rule.rule.kind,
        },
        { related: [{ span: floor.statement.name.span, message: "the floor" }] },
      ),
    );
  }
}
