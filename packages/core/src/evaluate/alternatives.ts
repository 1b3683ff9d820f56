/** In which ways a request that is granted could come to be permitted: the smallest sets of preconditions. */
import type { Obligation } from "../decision/obligation.ts";
import type { Asked, Unmet } from "./ask.ts";

interface Need {
  readonly rule: number;
  readonly obligation: Obligation;
}

/** The most alternatives that a challenge lists. */
export const maxAlternatives = 16;

/**
 * The alternatives of a request with grants: the fewest preconditions first, else by their text, so that no name of a rule
 * decides. Within one they stand in the order of their rules. An empty one, which asks for nothing, is the only one.
 */
export function alternativesOf(passes: readonly Asked[]): readonly (readonly Obligation[])[] {
  const combined = passes
    .map(alternativesOfPass)
    .reduce<readonly (readonly Need[])[]>(
      (all, next) => minimal(all.flatMap((a) => next.map((b) => distinct([...a, ...b])))),
      [[]],
    );
  return combined.map((needs) => needs.toSorted((a, b) => a.rule - b.rule).map((need) => need.obligation));
}

/** What the requires ask for, and for one of the grants to count. */
function alternativesOfPass(pass: Asked): readonly (readonly Need[])[] {
  const always = pass.unmet.flatMap(needsOf);
  const grants =
    pass.counted.length > 0 ? [[]] : pass.grants.toSorted((a, b) => a.rule - b.rule).map(needsOf);
  return minimal(grants.map((needs) => distinct([...always, ...needs])));
}

function needsOf({ rule, unmet }: Unmet): readonly Need[] {
  return unmet.map((obligation) => ({ rule, obligation }));
}

/**
 * Without those that ask for no less than another does; of two that ask for the same the first stays. In the order in
 * which they are listed, and no more than may be.
 */
function minimal(sets: readonly (readonly Need[])[]): readonly (readonly Need[])[] {
  const kept: (readonly Need[])[] = [];
  const ordered = sets
    .map((needs) => ({ needs, text: textOf(needs) }))
    .toSorted((a, b) => a.needs.length - b.needs.length || compareTexts(a.text, b.text));
  for (const { needs } of ordered) {
    if (kept.some((other) => covers(needs, other))) continue;
    kept.splice(0, kept.length, ...kept.filter((other) => !covers(other, needs)), needs);
  }
  return kept.slice(0, maxAlternatives);
}

function textOf(needs: readonly Need[]): string {
  return JSON.stringify(needs.map((need) => JSON.stringify(need.obligation)).toSorted());
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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

/** Each precondition once, where it stands first in the program. */
function distinct(needs: readonly Need[]): readonly Need[] {
  const first = new Map<string, Need>();
  for (const need of needs.toSorted((a, b) => a.rule - b.rule)) {
    const key = JSON.stringify(need.obligation);
    if (!first.has(key)) first.set(key, need);
  }
  return [...first.values()];
}
