/**
 * A bounded set of different requests of one kind, for probing: each rule made to match alone and together with another,
 * every outcome, and from these each slot at each boundary of its literals, each role alone, at home and from abroad.
 */
import type { RequestDocument } from "../decision/request.ts";
import type { Fact } from "../evaluate/facts.ts";
import type { Entry, Program, Table } from "../ir/program.ts";
import { changed, type Draft } from "./facts.ts";
import { all, challengeGoal, condition, denyGoal, not, permitGoal, type Goal } from "./goal.ts";
import { otherTenant } from "./pools.ts";
import { randomFrom, type Random } from "./random.ts";
import { draftKey, requestFrom } from "./request-from.ts";
import { isProper, searchSpace, walkerOf } from "./search-requests.ts";
import { slotAt, spaceOf } from "./space.ts";
import { filler, type Walker } from "./walk.ts";

export interface BoundaryOptions {
  readonly seed: number;
  /** How many requests are given at most; 400 where it is left out. */
  readonly limit?: number;
}

/** Requests for a table, proper and in scope, in a fixed order for each seed. */
export function boundaryRequests(
  program: Program,
  table: Table,
  { seed, limit = 400 }: BoundaryOptions,
): readonly RequestDocument[] {
  const space = spaceOf(program, table);
  const drafts = boundaryDrafts(walkerOf(space), probesOf(program, table), seed, limit);
  return drafts
    .map((draft) => requestFrom(space, draft))
    .filter((request) => isProper(program, table, request));
}

/** What the first requests shall meet: every outcome, every rule alone, with the next one, and not. */
export function* probesOf(program: Program, table: Table): Iterable<Goal> {
  const permit = permitGoal(program, table);
  const abroad: Goal = { kind: "home", holds: false };
  yield* [permit, challengeGoal(program, table), denyGoal(program, table)];
  yield* [all([permit, abroad]), all([not(permit), abroad])];
  for (const pass of table.passes) {
    const entries: readonly Entry[] = [
      ...pass.grants,
      ...pass.forbids,
      ...pass.requires,
      ...(pass.ceilings ?? []),
    ];
    const is = (entry: Entry, holds = true) => condition(program, entry.when, holds);
    for (const [i, entry] of entries.entries()) {
      const next = entries[i + 1];
      yield is(entry);
      yield all([is(entry), ...entries.filter((other) => other !== entry).map((other) => is(other, false))]);
      yield all([is(entry), permit]);
      yield all([is(entry, false), permit]);
      if (next !== undefined) yield all([is(entry), is(next)]);
    }
  }
}

const found = new WeakMap<Walker, Map<string, readonly Draft[]>>();

/** A few drafts that meet a goal. Two tables that are compared ask much the same: each search is made once for a walker. */
function draftsFor(walker: Walker, goal: Goal, seed: number): readonly Draft[] {
  let known = found.get(walker);
  if (known === undefined) found.set(walker, (known = new Map()));
  const key = `${seed} ${JSON.stringify(goal)}`;
  let drafts = known.get(key);
  if (drafts === undefined)
    known.set(key, (drafts = searchSpace(walker, goal, { seed, tries: 3, steps: 20 }).drafts));
  return drafts;
}

/** Drafts that meet each of the goals, where one is soon found, and then their neighbours. */
export function boundaryDrafts(
  walker: Walker,
  goals: Iterable<Goal>,
  seed: number,
  limit: number,
): readonly Draft[] {
  const { space } = walker.board;
  const random = randomFrom(seed, "boundaries");
  const drafts = new Map<string, Draft>();
  const add = (draft: Draft): boolean => {
    drafts.set(draftKey(space, draft), draft);
    return drafts.size < limit;
  };
  let i = 0;
  for (const goal of goals) {
    if (drafts.size >= limit / 2) break;
    for (const draft of draftsFor(walker, goal, seed + i)) add(draft);
    i += 1;
  }
  const bases = [...drafts.values()];
  if (bases.length === 0) return [];
  for (const [slot, value] of changesOf(walker, random)) {
    const draft = changed(walker.ties, random.pick(bases), [[slot, value]], (at) => filler(walker, at));
    if (!add(draft)) break;
  }
  return [...drafts.values()].slice(0, limit);
}

/** Single facts to put in place of others: the tenancy, sets of roles, then every value of every slot, mixed. */
function changesOf(walker: Walker, random: Random): readonly (readonly [number, Fact])[] {
  const { space, pools, isFixed } = walker.board;
  const { tenant } = space.program;
  const roles = space.slots.find((id) => {
    const { source } = slotAt(space, id);
    return source.from === "principal" && source.part === "roles";
  });
  const sets = roles === undefined ? [] : roleSets(pools.get(roles) ?? [], random);
  const values = space.slots
    .filter((slot) => !isFixed(slot) && slot !== roles)
    .flatMap((slot) => (pools.get(slot) ?? []).map((value) => [slot, value] as const));
  return [
    [walker.principalTenant, otherTenant(tenant)],
    [walker.principalTenant, tenant],
    ...(roles === undefined ? [] : sets.map((set) => [roles, set] as const)),
    ...random.some(values, values.length),
  ];
}

/** The sets that the pool has, and some pairs. */
function roleSets(pool: readonly Fact[], random: Random): readonly Fact[] {
  const single = pool.filter((set) => Array.isArray(set) && set.length === 1).flat();
  const pairs = Array.from({ length: Math.min(12, single.length) }, () => random.some(single, 2));
  return [...pool, ...pairs] as readonly Fact[];
}
