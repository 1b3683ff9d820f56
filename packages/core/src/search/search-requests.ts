/** Finds requests of one kind that meet a goal. What it gives has been tried; what it does not find may exist all the same. */
import type { RequestDocument } from "../decision/request.ts";
import { atomHolds } from "../evaluate/atom.ts";
import { readFacts, type Fact } from "../evaluate/facts.ts";
import { findTable, type Program, type Table } from "../ir/program.ts";
import { slotsOfAtom } from "../ir/reads.ts";
import { couldHold, homeVariable } from "./could-hold.ts";
import { changed, tiesOf, type Draft } from "./facts.ts";
import { goalConditions, type Goal } from "./goal.ts";
import { referencesBehind } from "./moves.ts";
import { ordinaryNow } from "./ordinary-values.ts";
import { poolsOf } from "./pools.ts";
import { randomFrom, type Random } from "./random.ts";
import { draftKey, requestFrom } from "./request-from.ts";
import { atomAt, slotAt, spaceOf, type Space } from "./space.ts";
import { costsIn, walk, type Walker } from "./walk.ts";

export interface SearchOptions {
  /** The same seed gives the same answer. */
  readonly seed: number;
  /** How many walks are made at most; 24 where it is left out. */
  readonly tries?: number;
  /** How many different requests are wanted; 1 where it is left out. */
  readonly count?: number;
  /** How many moves a walk makes at most; 40 where it is left out. */
  readonly steps?: number;
}

/** What is looked for: a request of this principal type, action and resource type that meets the goal. */
export interface SearchTarget {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly goal: Goal;
}

export interface Found {
  /** Different requests that meet the goal, in the order in which they were found. */
  readonly requests: readonly RequestDocument[];
  /** How many walks were made. */
  readonly tries: number;
}

/**
 * Requests that meet a goal: proper, in scope, and tried against the program.
 * Throws a RangeError for a combination that the program has no table for.
 */
export function searchRequests(program: Program, target: SearchTarget, options: SearchOptions): Found {
  const table = findTable(program, target.principal, target.action, target.resource);
  if (table === undefined)
    throw new RangeError(`no \`${target.action}\` by \`${target.principal}\` on \`${target.resource}\``);
  const space = spaceOf(program, table, { conditions: goalConditions(target.goal) });
  const walker = walkerOf(space);
  const found = searchSpace(walker, target.goal, options);
  return {
    requests: found.drafts
      .map((draft) => requestFrom(space, draft))
      .filter((request) => isProper(program, table, request)),
    tries: found.tries,
  };
}

/** True for what passes the checks that come before the rules. */
export function isProper(program: Program, table: Table, request: unknown): boolean {
  return readFacts(program, table, request) !== undefined;
}

export interface WalkerOptions {
  /** Slots that keep the fact with which a walk begins. */
  readonly isFixed?: (slot: number) => boolean;
  /** Facts that every request has. */
  readonly given?: ReadonlyMap<number, Fact>;
}

/** A walker over a space. Facts that say whose the request and its rows are never change. */
export function walkerOf(space: Space, options: WalkerOptions = {}): Walker {
  const { isFixed = () => false, given = new Map<number, Fact>() } = options;
  const principalTenant = space.slots.find((id) => {
    const { source } = slotAt(space, id);
    return source.from === "principal" && source.part === "tenant";
  });
  if (principalTenant === undefined) throw new RangeError("the space does not read the principal's tenant");
  const isScope = (slot: number) => {
    const { source } = slotAt(space, slot);
    return source.from === "tenant" || (source.from === "row" && source.part === "tenant");
  };
  const board = {
    space,
    pools: poolsOf(space),
    isFixed: (slot: number) => isScope(slot) || given.has(slot) || isFixed(slot),
    behind: referencesBehind(space),
  };
  return { board, ties: tiesOf(space), principalTenant, given };
}

/** Drafts of a space that meet a goal. */
export function searchSpace(
  walker: Walker,
  goal: Goal,
  { seed, tries = 24, count = 1, steps = 40 }: SearchOptions,
): { readonly drafts: readonly Draft[]; readonly tries: number } {
  const found = new Map<string, Draft>();
  let made = 0;
  if (!couldHold(walker.board.space, goal, settledBy(walker))) return { drafts: [], tries: 0 };
  for (; made < tries && found.size < count; made += 1) {
    const random = randomFrom(seed, `walk ${made}`);
    const draft = walk(walker, goal, startFor(walker, random), steps, random);
    if (draft === null) continue;
    found.set(draftKey(walker.board.space, draft), draft);
  }
  return { drafts: [...found.values()], tries: made };
}

/** Facts drawn from the pools: mostly ordinary ones, at home, now and then any. */
export function startFor(walker: Walker, random: Random): Draft {
  const { space, pools } = walker.board;
  const wild = random.pick([0, 0.2, 0.7]);
  const facts = new Map<number, Fact>();
  for (const id of space.slots) {
    const pool = pools.get(id) ?? [];
    if (pool.length > 0) facts.set(id, random.chance(wild) ? random.pick(pool) : pool.at(-1));
  }
  if (random.chance(0.85)) facts.set(walker.principalTenant, space.program.tenant);
  for (const [id, value] of walker.given) facts.set(id, value);
  const all = [...facts].filter(([id]) => id !== walker.principalTenant && !walker.given.has(id));
  return changed(walker.ties, { facts, now: ordinaryNow }, all, (slot) =>
    pools.get(slot)?.findLast((value) => value !== undefined),
  );
}

/** True if a draft meets the goal. */
export function meets(walker: Walker, goal: Goal, draft: Draft): boolean {
  return costsIn(walker, draft.facts)(goal) === 0;
}

/** The answers that the given facts settle. */
export function settledBy({
  board: { space },
  given,
  principalTenant,
}: Walker): ReadonlyMap<number, boolean> {
  const settled = new Map<number, boolean>();
  for (const id of space.atoms) {
    const atom = atomAt(space, id);
    if (slotsOfAtom(atom).every((slot) => given.has(slot)))
      settled.set(id, atomHolds(space.program, atom, given));
  }
  const tenant = given.get(principalTenant);
  if (tenant !== undefined) settled.set(homeVariable, tenant === space.program.tenant);
  return settled;
}
