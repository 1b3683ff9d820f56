/** In which ways a request that is granted could come to be permitted: the smallest sets of preconditions. */
import type { Obligation } from "../decision/obligation.ts";
import type { Asked, Unmet } from "./ask.ts";

interface Need {
  readonly rule: number;
  readonly obligation: Obligation;
}

/**
 * All alternatives of a request with grants, the fewest preconditions first, else in the order of the program.
 * One that is empty means that nothing is asked for.
 */
export function alternativesOf(passes: readonly Asked[]): readonly (readonly Obligation[])[] {
  const combined = passes
    .map(alternativesOfPass)
    .reduce<readonly (readonly Need[])[]>(
      (all, next) => minimal(all.flatMap((a) => next.map((b) => [...a, ...b]))),
      [[]],
    );
  return minimal(combined)
    .map((needs) => distinct(needs.toSorted((a, b) => a.rule - b.rule).map((need) => need.obligation)))
    .toSorted((a, b) => a.length - b.length);
}

/** What the requires ask for, and for one of the grants to count. */
function alternativesOfPass(pass: Asked): readonly (readonly Need[])[] {
  const always = pass.unmet.flatMap(needsOf);
  const grants = pass.counted.length > 0 ? [[]] : pass.grants.map(needsOf);
  return minimal(grants.map((needs) => [...always, ...needs]));
}

function needsOf({ rule, unmet }: Unmet): readonly Need[] {
  return unmet.map((obligation) => ({ rule, obligation }));
}

/** Without those that ask for no less than another does; of two that ask for the same the first stays. */
function minimal(sets: readonly (readonly Need[])[]): readonly (readonly Need[])[] {
  const kept: (readonly Need[])[] = [];
  for (const needs of sets.toSorted((a, b) => a.length - b.length)) {
    if (kept.some((other) => covers(needs, other))) continue;
    kept.splice(0, kept.length, ...kept.filter((other) => !covers(other, needs)), needs);
  }
  return kept;
}

/** Who has met all of `more` has met all of `less`. */
function covers(more: readonly Need[], less: readonly Need[]): boolean {
  return less.every((need) => more.some((other) => implies(other.obligation, need.obligation)));
}

function implies(a: Obligation, b: Obligation): boolean {
  if (a.type === "step_up" && b.type === "step_up")
    return a.factor === b.factor && fresher(a.within, b.within);
  if (a.type === "approval" && b.type === "approval") return a.by === b.by && fresher(a.within, b.within);
  return a.type === "reason" && b.type === "reason";
}

function fresher(a: number | null, b: number | null): boolean {
  return b === null || (a !== null && a <= b);
}

function distinct(obligations: readonly Obligation[]): readonly Obligation[] {
  return [...new Map(obligations.map((o) => [JSON.stringify(o), o])).values()];
}
