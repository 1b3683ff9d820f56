/**
 * What a rule was found to mean, kept with its statement: checked again where nothing that it is judged by has changed, it
 * means the same and the same is found. A statement is never changed in place.
 */
import type { Finding, Rule } from "@wardline/core";
import type { AnyRule } from "./placed-file.ts";
import { newReport } from "./report.ts";
import { checkRule, type Budget, type CheckedRule } from "./rule.ts";
import type { Setting } from "./scope.ts";
import type { Model, RoleSymbol } from "./symbols.ts";

interface Remembered {
  readonly surroundings: Surroundings;
  /** The rule without its meaning: its id, place and words. */
  readonly rule: string;
  readonly checked: CheckedRule;
  readonly findings: readonly Finding[];
  readonly used: Budget;
}

/** All that a rule is judged by, beside its own words. */
type Surroundings = Omit<Setting, "report">;

const remembered = new WeakMap<AnyRule, Remembered>();
const known = new WeakMap<Model, Surroundings[]>();

/** So many surroundings of one model are told apart at a time. */
const most = 16;

/** The same object for surroundings that are the same. */
export function surroundingsOf(setting: Setting): Surroundings {
  const { model, layer, roles, lets, brokenLets, sealed } = setting;
  const own = { model, layer, roles, lets, brokenLets, sealed };
  const all = known.get(model) ?? [];
  known.set(model, all);
  const same = all.find((one) => areSame(one, own));
  if (same !== undefined) return same;
  all.push(own);
  if (all.length > most) all.shift();
  return own;
}

/** As {@link checkRule}, and remembers. */
export function checkRuleOnce(
  setting: Setting,
  surroundings: Surroundings,
  rule: Rule,
  statement: AnyRule,
  budget: Budget,
): { readonly checked: CheckedRule; readonly left: Budget } {
  const text = JSON.stringify(rule);
  let found = remembered.get(statement);
  const isSame =
    found !== undefined &&
    found.surroundings === surroundings &&
    found.rule === text &&
    found.used.terms <= budget.terms &&
    found.used.total <= budget.total;
  if (found === undefined || !isSame) {
    const report = newReport();
    // What a rule uses is told by what is left of a budget: an endless one tells nothing.
    const { checked, left } = checkRule({ ...setting, report }, rule, statement, budget);
    const used = { terms: usedOf(budget.terms, left.terms), total: usedOf(budget.total, left.total) };
    found = { surroundings, rule: text, checked, findings: report.findings(), used };
    if (left.terms >= 0 && left.total >= 0) remembered.set(statement, found);
    else remembered.delete(statement);
  }
  for (const one of found.findings) setting.report.add(one);
  setting.report.settle();
  const { checked, used } = found;
  return { checked, left: { terms: budget.terms - used.terms, total: budget.total - used.total } };
}

const usedOf = (budget: number, left: number) => (budget === Infinity ? 0 : budget - left);

function areSame(a: Surroundings, b: Surroundings): boolean {
  return (
    a.layer === b.layer &&
    sameEntries(a.lets, b.lets, (one, other) => one === other) &&
    sameEntries(a.roles, b.roles, sameRole) &&
    a.brokenLets.size === b.brokenLets.size &&
    [...a.brokenLets].every((name) => b.brokenLets.has(name)) &&
    sameEntries(a.sealed, b.sealed, (one, other) => sameEntries(one, other, sameJson))
  );
}

function sameEntries<Value>(
  a: ReadonlyMap<string, Value>,
  b: ReadonlyMap<string, Value>,
  same: (one: Value, other: Value) => boolean,
): boolean {
  if (a.size !== b.size) return false;
  // Their order counts too: what is not known is held against the names in it.
  const others = b.entries();
  for (const [key, value] of a) {
    const [other, otherValue] = others.next().value as [string, Value];
    if (key !== other || !same(value, otherValue)) return false;
  }
  return true;
}

const sameJson = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);

const sameRole = (a: RoleSymbol, b: RoleSymbol) =>
  a === b || sameJson({ ...a, types: [...a.types] }, { ...b, types: [...b.types] });
