/**
 * A walk through requests to one that meets a goal: where the goal fails, one of the questions that it fails by is chosen
 * and answered otherwise, until all are met. Source: B. Selman, H. Kautz, B. Cohen, "Noise strategies for improving local
 * search" (WalkSAT, 1994), over a formula that is not flattened.
 */
import { atomHolds } from "../evaluate/atom.ts";
import type { Fact } from "../evaluate/facts.ts";
import type { Condition } from "../ir/condition.ts";
import { changed, type Draft, type Ties } from "./facts.ts";
import type { Goal } from "./goal.ts";
import { movesFor, type Board, type Move } from "./moves.ts";
import { otherTenant } from "./pools.ts";
import type { Random } from "./random.ts";
import { atomAt } from "./space.ts";

export interface Walker {
  readonly board: Board;
  readonly ties: Ties;
  /** The slot that holds the principal's tenant. */
  readonly principalTenant: number;
  /** Facts that every request has. */
  readonly given: ReadonlyMap<number, Fact>;
}

/** How many moves are weighed at each step. */
const maxWeighed = 6;

/** A draft that meets the goal, at most `steps` moves away from the start, or null if the walk found none. */
export function walk(walker: Walker, goal: Goal, start: Draft, steps: number, random: Random): Draft | null {
  let at = start;
  let cost = costsIn(walker, at.facts);
  for (let step = 0; ; step += 1) {
    const left = cost(goal);
    if (left === 0) return at;
    if (step === steps || left >= far) return null;
    const moves = movesTowards(walker, goal, at, cost, random);
    if (moves.length === 0) continue;
    const drafts = moves
      .slice(0, maxWeighed)
      .map((move) => changed(walker.ties, at, move, (slot) => filler(walker, slot)));
    if (random.chance(0.15)) {
      at = random.pick(drafts);
      cost = costsIn(walker, at.facts);
      continue;
    }
    const weighed = drafts.map((draft) => costsIn(walker, draft.facts));
    const costs = weighed.map((of) => of(goal));
    const best = costs.indexOf(Math.min(...costs));
    at = drafts[best] ?? at;
    cost = weighed[best] ?? cost;
  }
}

/** The most ordinary value of a slot. */
export function filler(walker: Walker, slot: number): Fact {
  return walker.board.pools.get(slot)?.findLast((value) => value !== undefined);
}

type Costs = (goal: Goal) => number;

const far = 1_000_000_000;

/**
 * How many questions at least have to be answered otherwise for a goal to be met, as if each stood alone: 0 exactly where
 * it is met.
 */
export function costsIn(walker: Walker, facts: ReadonlyMap<number, Fact>): Costs {
  const { space } = walker.board;
  const atoms = new Map<number, boolean>();
  const conditions = new Map<number, number>();
  const goals = new Map<Goal, number>();
  const atom = (id: number): boolean => {
    const value = atoms.get(id) ?? atomHolds(space.program, atomAt(space, id), facts);
    atoms.set(id, value);
    return value;
  };
  const join = <T>(parts: readonly T[], every: boolean, costOf: (part: T) => number): number => {
    let total = every ? 0 : far;
    for (const part of parts) {
      const cost = costOf(part);
      if (every) total += cost;
      else if (cost < total) total = cost;
      if (every ? total >= far : total === 0) break;
    }
    return Math.min(far, total);
  };
  const conditionCost = (index: number, holds: boolean): number => {
    const key = 2 * index + (holds ? 1 : 0);
    const known = conditions.get(key);
    if (known !== undefined) return known;
    const condition = space.program.conditions[index] as Condition;
    const cost = costOf(condition, holds);
    conditions.set(key, cost);
    return cost;
  };
  const costOf = (condition: Condition, holds: boolean): number => {
    switch (condition.kind) {
      case "constant":
        return condition.value === holds ? 0 : far;
      case "atom":
        return (atom(condition.atom) !== condition.negated) === holds ? 0 : 1;
      case "and":
      case "or":
        return join(condition.of, (condition.kind === "and") === holds, (child) =>
          conditionCost(child, holds),
        );
    }
  };
  const goalCost = (goal: Goal): number => {
    switch (goal.kind) {
      case "constant":
        return goal.value ? 0 : far;
      case "condition":
        return conditionCost(goal.condition, goal.holds);
      case "atom":
        return atom(goal.atom) === goal.holds ? 0 : 1;
      case "home":
        return (facts.get(walker.principalTenant) === space.program.tenant) === goal.holds ? 0 : 1;
      case "spent":
        return (facts.get(goal.slot) === 0) === goal.holds ? 0 : 1;
      case "and":
      case "or": {
        const seen = goals.get(goal);
        if (seen !== undefined) return seen;
        const cost = join(goal.of, goal.kind === "and", goalCost);
        goals.set(goal, cost);
        return cost;
      }
    }
  };
  return goalCost;
}

/** Moves that answer one of the questions by which the goal fails. */
function movesTowards(walker: Walker, goal: Goal, at: Draft, cost: Costs, random: Random): readonly Move[] {
  const { board, principalTenant } = walker;
  const { program } = board.space;
  const atomMoves = (atom: number, holds: boolean) => movesFor(board, at.facts, atom, holds, random);
  /** One of the failing parts; of alternatives mostly the nearest. */
  const choose = <T>(parts: readonly T[], costOf: (part: T) => number, every: boolean): T | undefined => {
    const open = parts.filter((part) => (every ? costOf(part) > 0 : true) && costOf(part) < far);
    if (open.length === 0) return undefined;
    if (every || random.chance(0.4)) return random.pick(open);
    const best = Math.min(...open.map(costOf));
    return random.pick(open.filter((part) => costOf(part) === best));
  };
  const towardsCondition = (index: number, holds: boolean): readonly Move[] => {
    const condition = program.conditions[index] as Condition;
    switch (condition.kind) {
      case "constant":
        return [];
      case "atom":
        return atomMoves(condition.atom, holds !== condition.negated);
      case "and":
      case "or": {
        const every = (condition.kind === "and") === holds;
        const child = choose(condition.of, (of) => cost({ kind: "condition", condition: of, holds }), every);
        return child === undefined ? [] : towardsCondition(child, holds);
      }
    }
  };
  switch (goal.kind) {
    case "constant":
      return [];
    case "condition":
      return towardsCondition(goal.condition, goal.holds);
    case "atom":
      return atomMoves(goal.atom, goal.holds);
    case "home": {
      const { tenant } = program;
      return board.isFixed(principalTenant)
        ? []
        : [[[principalTenant, goal.holds ? tenant : otherTenant(tenant)]]];
    }
    case "spent":
      return board.isFixed(goal.slot) ? [] : [[[goal.slot, goal.holds ? 0 : 1]]];
    case "and":
    case "or": {
      const child = choose(goal.of, cost, goal.kind === "and");
      return child === undefined ? [] : movesTowards(walker, child, at, cost, random);
    }
  }
}
