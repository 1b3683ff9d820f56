/** The rules of a pass that can still matter, given what became of their conditions. */
import type {
  Entry,
  GrantEntry,
  LimitUse,
  Pass,
  Precondition,
  Program,
  RequireEntry,
  Rule,
} from "@wardline/core";
import { no, yes, type ConditionList } from "./condition-list.ts";
import type {
  ResidualForbid,
  ResidualGrant,
  ResidualRequire,
  ResidualRules,
  ResidualTerms,
} from "../residual.ts";

export interface Leaving {
  readonly program: Program;
  readonly list: ConditionList;
  /** The node of a condition of the program. */
  readonly node: (condition: number) => number;
  /** The principal belongs to the tenant. */
  readonly home: boolean;
  /** Whether the limit is exhausted whose draws a slot counts. */
  readonly isSpent: (left: number) => boolean;
}

/** `entry`: as it stands in the program. */
export interface LeftGrant extends ResidualGrant {
  readonly entry: GrantEntry;
}

export interface LeftRequire extends ResidualRequire {
  readonly entry: RequireEntry;
}

/** What the rules come to: `rule` is the program's number, `wait` the slot that says how long. */
export interface LeftRules {
  readonly ceiling: number;
  readonly forbids: readonly ResidualForbid[];
  readonly grants: readonly LeftGrant[];
  readonly requires: readonly LeftRequire[];
  /** Some floor matches. */
  readonly floored: number;
  /** Some forbid denies. */
  readonly forbidden: number;
  /** What is no floor can grant: a ceiling holds, and no forbid of the tenant matches. */
  readonly opened: number;
}

export function leftRules(leaving: Leaving, pass: Pass): LeftRules {
  const { program, list, node, home } = leaving;
  const ruleOf = (entry: Entry) => program.rules[entry.rule] as Rule;
  const inOrder = <T extends Entry>(entries: readonly T[]) => entries.toSorted((a, b) => a.rule - b.rule);
  const matching = <T extends Entry>(entries: readonly T[]) =>
    inOrder(entries)
      .map((entry) => ({ entry, when: node(entry.when) }))
      .filter(({ when }) => when !== no);
  const grants = matching(pass.grants)
    .filter(({ entry }) => home === (ruleOf(entry).kind !== "share"))
    .map(({ entry, when }): LeftGrant => {
      const floor = ruleOf(entry).kind === "floor";
      return { rule: entry.rule, when, floor, ...termsOf(leaving, entry), entry };
    });
  const forbids = matching(pass.forbids).map(({ entry, when }): ResidualForbid => ({
    rule: entry.rule,
    when,
    layer: ruleOf(entry).layer,
  }));
  const requires = matching(pass.requires).map(({ entry, when }): LeftRequire => ({
    rule: entry.rule,
    when,
    layer: ruleOf(entry).layer,
    ...termsOf(leaving, entry),
    entry,
  }));
  const some = (entries: readonly { readonly when: number }[]) =>
    list.any(entries.map((entry) => entry.when));
  const floored = some(grants.filter((grant) => grant.floor));
  const tenants = some(forbids.filter((forbid) => forbid.layer === "tenant"));
  const ceiling = node(pass.ceiling);
  return {
    ceiling,
    forbids,
    grants,
    requires,
    floored,
    forbidden: list.any([
      some(forbids.filter((forbid) => forbid.layer === "platform")),
      list.all([list.not(floored), tenants]),
    ]),
    opened: list.all([ceiling, list.not(tenants)]),
  };
}

function termsOf(
  { node, isSpent }: Leaving,
  {
    preconditions = [],
    limit,
  }: { readonly preconditions?: readonly Precondition[]; readonly limit?: LimitUse },
): ResidualTerms {
  const asked = preconditions.map(({ obligation, met }) => ({ obligation, met: node(met) }));
  const spent = limit !== undefined && isSpent(limit.left);
  return {
    preconditions: asked.filter(({ met }) => met !== yes),
    spent,
    wait: spent ? limit.retryAfter : null,
  };
}

/** Of rules that permit no row, those that say why: a refusal that is certain leaves no others to be asked. */
export function decisiveRules(left: LeftRules): LeftRules {
  const { forbidden } = left;
  // Where a floor matches every row, what the tenant forbids is not asked, and the floor grants.
  const isFloored = left.floored === yes;
  const forbids = isFloored ? left.forbids.filter((forbid) => forbid.layer === "platform") : left.forbids;
  const isOpenToOthers = forbidden !== yes && left.opened !== no;
  const isFloorAsked = forbidden !== yes || forbids.some((forbid) => forbid.layer === "tenant");
  const grants = left.grants.filter((grant) => (grant.floor ? isFloorAsked : isOpenToOthers));
  const isGranted = forbidden !== yes && grants.some((grant) => !grant.spent);
  return {
    ...left,
    forbids,
    ceiling: grants.every((grant) => grant.floor) ? yes : left.ceiling,
    grants,
    requires: isGranted || grants.some((grant) => grant.spent) ? left.requires : [],
  };
}

/** True if every row gets the same answer: no condition of the rules is open. */
export function isCertain(left: ResidualRules): boolean {
  const isConstant = (node: number) => node === yes || node === no;
  const terms = [...left.grants, ...left.requires];
  return [
    left.ceiling,
    ...[...left.forbids, ...terms].map((entry) => entry.when),
    ...terms.flatMap(({ preconditions }) => preconditions.map(({ met }) => met)),
  ].every(isConstant);
}
