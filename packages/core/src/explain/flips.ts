/**
 * The smallest sets of answers that have to be otherwise for a goal to be met, by increasing size. Wherever a goal fails,
 * one of few answers must change; only those are tried, so that no set that is small enough is passed over.
 */
import type { Condition } from "../ir/condition.ts";
import type { Program } from "../ir/program.ts";
import type { Goal } from "../search/goal.ts";

/** An answer that can be otherwise: that of an atom, or whether a limit is exhausted. */
export type Answer =
  | { readonly kind: "atom"; readonly atom: number }
  | { readonly kind: "spent"; readonly slot: number };

export const answerKey = (answer: Answer): string =>
  answer.kind === "atom" ? `atom ${answer.atom}` : `spent ${answer.slot}`;

export interface FlipSearch {
  readonly program: Program;
  readonly goal: Goal;
  /** The answers as they are. */
  readonly isTrue: (answer: Answer) => boolean;
  readonly home: boolean;
  /** An answer that must stay. */
  readonly isFixed: (answer: Answer) => boolean;
}

export interface Flips {
  /** Sets of exactly the wanted size, in a fixed order. One may contain a smaller set that does as well. */
  readonly sets: readonly (readonly Answer[])[];
  /** How many states of the `states` given are left; 0: the search was cut short. */
  readonly left: number;
  /** Larger sets may do that contain none of these. */
  readonly more: boolean;
}

/** All sets of `size` answers whose change meets the goal, as far as `states` and `most` reach. */
export function flipsOf(search: FlipSearch, size: number, states: number, most: number): Flips {
  const sets: (readonly Answer[])[] = [];
  let left = states;
  let more = false;
  const visit = (flipped: readonly Answer[], kept: ReadonlySet<string>): void => {
    if (left === 0 || sets.length === most) return;
    left -= 1;
    const view = viewOf(search, new Set(flipped.map(answerKey)), kept);
    const distance = view.distance(search.goal);
    if (distance === 0) {
      if (flipped.length === size) sets.push(flipped);
      return;
    }
    if (flipped.length + distance > size) {
      more ||= Number.isFinite(distance);
      return;
    }
    const before = new Set(kept);
    for (const answer of view.choices(search.goal)) {
      visit([...flipped, answer], before);
      before.add(answerKey(answer));
    }
  };
  visit([], new Set());
  return { sets, left, more };
}

interface View {
  /** At least so many answers have to change; infinite where no change helps. */
  readonly distance: (goal: Goal) => number;
  /** Answers of a failing goal one of which has to change. */
  readonly choices: (goal: Goal) => readonly Answer[];
}

/** How goals stand after some answers were flipped, where others are kept. */
function viewOf(search: FlipSearch, flipped: ReadonlySet<string>, kept: ReadonlySet<string>): View {
  const { program, isTrue, isFixed, home } = search;
  const known = new Map<number, number>();
  const answerDistance = (answer: Answer, holds: boolean): number => {
    const key = answerKey(answer);
    const isFlipped = flipped.has(key);
    if ((isTrue(answer) !== isFlipped) === holds) return 0;
    return isFlipped || kept.has(key) || isFixed(answer) ? Number.POSITIVE_INFINITY : 1;
  };
  /** Parts may share answers: the furthest of them is the least that all need. */
  const join = (distances: readonly number[], every: boolean) =>
    every ? Math.max(0, ...distances) : Math.min(Number.POSITIVE_INFINITY, ...distances);
  const conditionDistance = (index: number, holds: boolean): number => {
    const key = 2 * index + (holds ? 1 : 0);
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const condition = program.conditions[index] as Condition;
    const distance = distanceOf(condition, holds);
    known.set(key, distance);
    return distance;
  };
  const distanceOf = (condition: Condition, holds: boolean): number => {
    switch (condition.kind) {
      case "constant":
        return condition.value === holds ? 0 : Number.POSITIVE_INFINITY;
      case "atom":
        return answerDistance({ kind: "atom", atom: condition.atom }, holds !== condition.negated);
      case "and":
      case "or":
        return join(
          condition.of.map((child) => conditionDistance(child, holds)),
          (condition.kind === "and") === holds,
        );
    }
  };
  const distance = (goal: Goal): number => {
    switch (goal.kind) {
      case "constant":
        return goal.value ? 0 : Number.POSITIVE_INFINITY;
      case "home":
        return goal.holds === home ? 0 : Number.POSITIVE_INFINITY;
      case "condition":
        return conditionDistance(goal.condition, goal.holds);
      case "atom":
      case "spent":
        return answerDistance(goal, goal.holds);
      case "and":
      case "or":
        return join(goal.of.map(distance), goal.kind === "and");
    }
  };
  /** Of parts that all must hold the first with the fewest choices; of alternatives the choices of each. */
  const chosen = <T>(
    parts: readonly T[],
    every: boolean,
    far: (part: T) => number,
    choicesIn: (part: T) => readonly Answer[],
  ): readonly Answer[] => {
    const open = parts.filter((part) => far(part) > 0 && far(part) < Number.POSITIVE_INFINITY).map(choicesIn);
    if (!every) return distinct(open.flat());
    const least = Math.min(...open.map((choices) => choices.length));
    return open.find((choices) => choices.length === least) ?? [];
  };
  const chosenIn = new Map<number, readonly Answer[]>();
  const conditionChoices = (index: number, holds: boolean): readonly Answer[] => {
    const key = 2 * index + (holds ? 1 : 0);
    const seen = chosenIn.get(key);
    if (seen !== undefined) return seen;
    const made = choicesOf(program.conditions[index] as Condition, holds);
    chosenIn.set(key, made);
    return made;
  };
  const choicesOf = (condition: Condition, holds: boolean): readonly Answer[] => {
    switch (condition.kind) {
      case "constant":
        return [];
      case "atom":
        return [{ kind: "atom", atom: condition.atom }];
      case "and":
      case "or":
        return chosen(
          condition.of,
          (condition.kind === "and") === holds,
          (child) => conditionDistance(child, holds),
          (child) => conditionChoices(child, holds),
        );
    }
  };
  const choices = (goal: Goal): readonly Answer[] => {
    switch (goal.kind) {
      case "constant":
      case "home":
        return [];
      case "condition":
        return conditionChoices(goal.condition, goal.holds);
      case "atom":
      case "spent":
        return [
          goal.kind === "atom" ? { kind: "atom", atom: goal.atom } : { kind: "spent", slot: goal.slot },
        ];
      case "and":
      case "or":
        return chosen(goal.of, goal.kind === "and", distance, choices);
    }
  };
  return { distance, choices };
}

function distinct(answers: readonly Answer[]): readonly Answer[] {
  return [...new Map(answers.map((answer) => [answerKey(answer), answer])).values()];
}
