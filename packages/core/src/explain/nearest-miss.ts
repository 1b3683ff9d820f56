/**
 * The nearest miss: the fewest answers of atoms whose change changes the outcome. Each is proved by deciding again, with
 * those answers forced, and where one can be found with a changed request. It never suggests another tenant, principal
 * or row.
 */
import type { Decision } from "../decision/decision.ts";
import { atomHolds } from "../evaluate/atom.ts";
import { conditionsBy } from "../evaluate/condition.ts";
import { decideTable, evaluate } from "../evaluate/evaluate.ts";
import type { Facts } from "../evaluate/facts.ts";
import { openRequest } from "../evaluate/open-request.ts";
import type { Atom } from "../ir/atom.ts";
import type { Program, Table } from "../ir/program.ts";
import { slotsOfAtom } from "../ir/reads.ts";
import type { Slot, SlotSource } from "../ir/slot.ts";
import { denyGoal, permitGoal } from "../search/goal.ts";
import { describeChanges, type Change } from "./change.ts";
import { answerKey, flipsOf, type Answer, type FlipSearch } from "./flips.ts";
import { realiser } from "./realise.ts";
import type { SourceMap } from "./source-map.ts";

export interface MissOptions {
  /** The outcome that is wanted: `permit` where it is left out, or `deny` of a request that is permitted. */
  readonly towards?: "permit" | "deny";
  /** How many misses are given at most; 5 where it is left out. */
  readonly count?: number;
  /** The most answers that one miss changes; 4 where it is left out. */
  readonly size?: number;
  /** How many sets are looked at on the way; 5,000 where it is left out. */
  readonly states?: number;
  /** Of the search for changed requests; 1 where it is left out. */
  readonly seed?: number;
}

export interface Miss {
  /** What would have to be otherwise, each once. */
  readonly changes: readonly Change[];
  /** The decision with these answers, and all others as they are. */
  readonly decision: Decision;
  /** A request that differs from the one that was asked about, and is decided as wanted; null where none was found. */
  readonly request: unknown;
  /** `would be permitted if \`context.mfa\` were true (north.ward:33)` */
  readonly text: string;
}

export interface NearestMiss {
  readonly towards: "permit" | "deny";
  /** Those of which a request is known first; all of them as small as the smallest. Empty where no change was found. */
  readonly misses: readonly Miss[];
  /** The search was cut short: a smaller set, or one at all, may exist. Else none does that is not given or larger. */
  readonly bounded: boolean;
}

/** How many sets of one size are tried on requests. */
const maxSets = 24;

/** The nearest miss of a request, or null if no rule was asked of it, since it is improper or another tenant's. */
export function nearestMiss(
  program: Program,
  sourceMap: SourceMap | null,
  request: unknown,
  options: MissOptions = {},
): NearestMiss | null {
  const opened = openRequest(program, request);
  if ("refused" in opened) return null;
  const { table, facts, home } = opened;
  const isPermitted = evaluate(program, request).outcome === "permit";
  const towards = options.towards ?? (isPermitted ? "deny" : "permit");
  const { count = 5, size: largest = 4, states = 5000, seed = 1 } = options;
  const goal = towards === "permit" ? permitGoal(program, table) : denyGoal(program, table);
  const isTrue = (answer: Answer) =>
    answer.kind === "atom"
      ? atomHolds(program, program.atoms[answer.atom] as Atom, facts)
      : facts.get(answer.slot) === 0;
  const search: FlipSearch = {
    program,
    goal,
    home,
    isTrue: remembered(isTrue),
    isFixed: (a) => isFixed(program, a),
  };
  const missOf = (set: readonly Answer[], changed: unknown): Miss => {
    const wanted = set.map((answer) => ({ answer, to: !search.isTrue(answer) }));
    const changes = describeChanges(program, sourceMap, table, wanted);
    return {
      changes: changes.list,
      decision: decideWith(program, table, facts, home, set, search.isTrue),
      request: changed,
      text: `would be ${towards === "permit" ? "permitted" : "denied"} if ${changes.text}`,
    };
  };
  const realise = realiser(program, table, request, goal, search.isTrue, seed);
  let left = states;
  let more = true;
  let unrealised: readonly (readonly Answer[])[] = [];
  const smaller: (readonly Answer[])[] = [];
  for (let size = 1; size <= largest && more && left > 0; size += 1) {
    const found = flipsOf(search, size, left, maxSets);
    ({ left, more } = found);
    const sets = found.sets.filter((set) => !smaller.some((other) => isWithin(other, set)));
    smaller.push(...sets);
    const tried = sets.map((set) => ({
      set,
      request: realise(set),
    }));
    const realised = tried.filter(
      (one) => one.request !== null && evaluate(program, one.request).outcome === towards,
    );
    if (realised.length > 0) {
      const rest = tried.filter((one) => !realised.includes(one)).map((one) => missOf(one.set, null));
      const misses = [...realised.map((one) => missOf(one.set, one.request)), ...rest];
      return { towards, misses: misses.slice(0, count), bounded: left === 0 };
    }
    if (unrealised.length === 0) unrealised = sets;
  }
  const misses = unrealised.slice(0, count).map((set) => missOf(set, null));
  return { towards, misses, bounded: left === 0 || (misses.length === 0 && more) };
}

function isWithin(less: readonly Answer[], more: readonly Answer[]): boolean {
  return less.every((answer) => more.some((other) => answerKey(other) === answerKey(answer)));
}

function remembered(isTrue: (answer: Answer) => boolean): (answer: Answer) => boolean {
  const known = new Map<string, boolean>();
  return (answer) => {
    const key = answerKey(answer);
    const value = known.get(key) ?? isTrue(answer);
    known.set(key, value);
    return value;
  };
}

/** An atom that asks whose the principal, the row or the request is: nobody can make that otherwise. */
function isFixed(program: Program, answer: Answer): boolean {
  if (answer.kind === "spent") return false;
  return slotsOfAtom(program.atoms[answer.atom] as Atom).some((slot) =>
    isTenancy((program.slots[slot] as Slot).source),
  );
}

function isTenancy(source: SlotSource): boolean {
  return (
    source.from === "tenant" ||
    ((source.from === "principal" || source.from === "row") && source.part === "tenant")
  );
}

/** The oracle's decision where some answers are otherwise. */
function decideWith(
  program: Program,
  table: Table,
  facts: Facts,
  home: boolean,
  flipped: readonly Answer[],
  isTrue: (answer: Answer) => boolean,
): Decision {
  const isFlipped = (answer: Answer) => flipped.some((other) => answerKey(other) === answerKey(answer));
  const atom = (index: number) => {
    const answer: Answer = { kind: "atom", atom: index };
    return isTrue(answer) !== isFlipped(answer);
  };
  return decideTable(program, table, {
    holds: conditionsBy(program, atom),
    fact: (slot) => {
      const value = facts.get(slot);
      return isFlipped({ kind: "spent", slot }) ? (value === 0 ? 1 : 0) : value;
    },
    home,
  });
}
