/**
 * The rules of one pass as predicates over its row: who grants, who forbids, what is asked. What a floor grants no forbid of
 * the tenant stops, and the tenant's requires ask nothing of it.
 */
import type {
  Entry,
  FieldEffect,
  GrantEntry,
  LimitUse,
  Obligation,
  Pass,
  Precondition,
  RequireEntry,
  Rule,
  SqlExpression,
} from "@wardline/core";
import { checkEffects } from "./cell.ts";
import { equal } from "./compare.ts";
import { conditionCompiler } from "./condition.ts";
import type { Live } from "./masks.ts";
import { allOf, always, anyOf, both, either, isNo, negate, noted, type Predicate } from "./predicate.ts";
import type { Scope } from "./scope.ts";
import { slotTerm, tenantTerm } from "./slot-term.ts";
import { inRule } from "./unsupported.ts";

export interface CompiledRules {
  /** Exactly where the request is permitted, facts aside that every row must have. */
  readonly permitted: SqlExpression;
  /** The grants that count somewhere. On a permitted row at least one counts. */
  readonly grants: readonly Live[];
  /** The requires that bind somewhere. On a permitted row `when` says whether one does. */
  readonly requires: readonly Live[];
  /** What a permit may ask for beside field effects, each once. */
  readonly duties: readonly Obligation[];
  /** Ids of the grants, in the order of the program, each once. */
  readonly ids: readonly string[];
}

interface CompiledGrant extends Live {
  readonly entry: GrantEntry;
  /** It matches a principal of this kind. */
  readonly matches: Predicate;
}

interface CompiledRequire extends Live {
  readonly entry: RequireEntry;
  /** Its limit is not exhausted and its preconditions are met. */
  readonly met: Predicate;
}

/** Throws `UnsupportedInSql`, naming the rule, where one can't be said. `notes`: with the rules' names for people. */
export function compileRules(scope: Scope, pass: Pass, notes: boolean): CompiledRules {
  const compile = conditionCompiler(scope);
  const ruleOf = (entry: Entry) => scope.program.rules[entry.rule] as Rule;
  const of = <T>(entry: Entry, make: () => T) => inRule(ruleTitle(ruleOf(entry)), make);
  const say = (entry: Entry, what: SqlExpression) => (notes ? noted(ruleTitle(ruleOf(entry)), what) : what);
  const own = equal(tenantTerm(scope, "request"), { kind: "known", value: scope.program.tenant });
  const home = equal(tenantTerm(scope, "principal"), tenantTerm(scope, "request"));

  const ceiling = inRule("the ceilings", () => compile(pass.ceiling));
  const forbids = pass.forbids.map((entry) => ({ entry, when: of(entry, () => compile(entry.when)) }));
  const ofLayer = (layer: Rule["layer"]) => forbids.filter(({ entry }) => ruleOf(entry).layer === layer);
  const stopped = (some: typeof forbids) => some.map(({ entry, when }) => say(entry, when.fails));

  const met = (entry: TermEntry) => metOf(scope, entry, compile);
  const isShare = (entry: Entry) => ruleOf(entry).kind === "share";
  const hasShares = pass.grants.some(isShare);
  const grants = pass.grants.map((entry): CompiledGrant => {
    of(entry, () => checkEffects(scope, entry.effects));
    const when = of(entry, () => compile(entry.when));
    const matches = hasShares ? both([isShare(entry) ? negate(home) : home, when]) : when;
    return { entry, matches, when: both([matches, of(entry, () => met(entry))]), effects: entry.effects };
  });
  const floors = grants.filter(({ entry }) => ruleOf(entry).kind === "floor");
  const others = grants.filter((grant) => !floors.includes(grant));
  const floored = either(floors.map((floor) => floor.matches));
  const open = both([ceiling, ...ofLayer("tenant").map(({ when }) => negate(when))]);

  const requires = pass.requires.map((entry): CompiledRequire => {
    of(entry, () => checkEffects(scope, entry.effects));
    const isOverruled = ruleOf(entry).layer === "tenant";
    const applies = of(entry, () => compile(entry.when));
    const when = isOverruled ? both([applies, negate(floored)]) : applies;
    return { entry, when, met: of(entry, () => met(entry)), effects: entry.effects };
  });

  const counting = (some: readonly CompiledGrant[]) => some.map(({ entry, when }) => say(entry, when.holds));
  const permitted = allOf([
    own.holds,
    // Without a share nothing is granted to a principal of another tenant.
    ...(hasShares ? [] : [home.holds]),
    ...stopped(ofLayer("platform")),
    anyOf([
      ...counting(floors),
      allOf([ceiling.holds, ...stopped(ofLayer("tenant")), anyOf(counting(others))]),
    ]),
    ...requires.map(({ entry, when, met: isMet }) => say(entry, anyOf([when.fails, isMet.holds]))),
  ]);
  // On a permitted row that no floor reaches everything is open: it need not be asked again for each cell.
  const opened = isNo(floored.holds) ? always : open;
  const liveGrants = [
    ...floors,
    ...others.map((grant) => ({ ...grant, when: both([opened, grant.when]) })),
  ].filter(({ when }) => !isNo(when.holds));
  const applied = pass.requires.filter(
    (_, index) => !isNo(compile((pass.requires[index] as Entry).when).holds),
  );
  const liveRequires = requires.filter(({ when }) => !isNo(when.holds));
  const granting = new Set(liveGrants.map(({ entry }) => entry.rule));
  return {
    permitted,
    ids: scope.program.rules.flatMap(({ id }, index) => (granting.has(index) ? [id] : [])),
    grants: liveGrants,
    requires: liveRequires,
    duties: dutiesOf(
      [...liveGrants.map(({ entry }) => entry), ...applied],
      [...liveGrants, ...liveRequires].map(({ entry }) => entry),
    ),
  };
}

type TermNeeds = Pick<TermEntry, "limit" | "preconditions">;

/** That a term's limit is not exhausted and its preconditions are met. */
export function metOf(
  scope: Scope,
  { limit, preconditions = [] }: TermNeeds,
  compile: (condition: number) => Predicate,
): Predicate {
  return both([limitLeft(scope, limit), ...preconditions.map((precondition) => compile(precondition.met))]);
}

interface TermEntry {
  readonly limit?: LimitUse;
  readonly preconditions?: readonly Precondition[];
  readonly duties?: readonly Obligation[];
  readonly effects: readonly FieldEffect[];
}

function limitLeft(scope: Scope, limit: LimitUse | undefined): Predicate {
  if (limit === undefined) return always;
  return negate(equal(slotTerm(scope, limit.left), { kind: "known", value: 0 }));
}

function dutiesOf(applying: readonly TermEntry[], binding: readonly TermEntry[]): readonly Obligation[] {
  const all = [
    ...applying.flatMap((entry) => entry.duties ?? []),
    ...binding.flatMap(({ limit }) => limit?.obligation ?? []),
  ];
  return [...new Map(all.map((duty) => [JSON.stringify(duty), duty])).values()];
}

/** `forbid north/no_lost_books (north.ward:12)` */
export function ruleTitle(rule: Rule): string {
  return `${rule.kind} ${rule.id} (${rule.file}:${rule.line})`;
}
