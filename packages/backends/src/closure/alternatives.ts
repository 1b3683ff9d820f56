/** In which ways a challenge can be met: the smallest sets of preconditions, in the order of `docs/spec/decision.md`. */
import type { Obligation } from "@wardline/core";

/** A precondition that is not met, and the rule that asks for it. */
export interface Need {
  readonly rule: number;
  readonly obligation: Obligation;
  /** The obligation as text: equal ones have equal texts. */
  readonly text: string;
}

export function needOf(rule: number, obligation: Obligation): Need {
  return { rule, obligation, text: JSON.stringify(obligation) };
}

/** What one pass asks for: `always`, and one of `choices`. */
export interface Asking {
  readonly always: readonly Need[];
  readonly choices: readonly (readonly Need[])[];
}

/** The most alternatives that a challenge lists. */
const most = 16;

export function alternativesOf(passes: readonly Asking[]): readonly (readonly Obligation[])[] {
  let ways: readonly (readonly Need[])[] = [[]];
  for (const { always, choices } of passes) {
    const here = smallest(choices.map((choice) => once([...always, ...choice])));
    ways = smallest(ways.flatMap((way) => here.map((more) => once([...way, ...more]))));
  }
  return ways.map((way) => way.map((need) => need.obligation));
}

/** Each precondition once, by the first rule that asks for it, in the order of those rules. */
function once(needs: readonly Need[]): readonly Need[] {
  const seen = new Set<string>();
  return needs
    .toSorted((a, b) => a.rule - b.rule)
    .filter(({ text }) => !seen.has(text) && seen.add(text).size > 0);
}

/** Those that ask for no more than another does, the fewest preconditions first, then by their texts. */
function smallest(ways: readonly (readonly Need[])[]): readonly (readonly Need[])[] {
  const named = ways.map((way) => ({ way, name: JSON.stringify(way.map((need) => need.text).toSorted()) }));
  named.sort((a, b) => a.way.length - b.way.length || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const kept: (readonly Need[])[] = [];
  for (const { way } of named) {
    if (kept.some((other) => asksNoLess(way, other))) continue;
    // A longer way can ask for less than a shorter one: two old factors for one fresh one.
    const left = kept.filter((other) => !asksNoLess(other, way));
    kept.splice(0, kept.length, ...left, way);
  }
  return kept.slice(0, most);
}

function asksNoLess(way: readonly Need[], other: readonly Need[]): boolean {
  return other.every((need) => way.some((met) => isNoLess(met.obligation, need.obligation)));
}

/** Who has met one precondition has met the other. */
export function isNoLess(a: Obligation, b: Obligation): boolean {
  if (a.type === "reason") return b.type === "reason";
  if (a.type === "step_up")
    return b.type === "step_up" && a.factor === b.factor && isAsFresh(a.within, b.within);
  return a.type === "approval" && b.type === "approval" && a.by === b.by && isAsFresh(a.within, b.within);
}

function isAsFresh(a: number | null, b: number | null): boolean {
  return b === null || (a !== null && a <= b);
}
