/** The ways to meet a challenge: the smallest sets of preconditions that would do. */
import type { Obligation } from "@wardline/core";
import { isNoLess } from "../../closure/alternatives.ts";

/** What a rule asks for; `rule` orders what is asked. */
export interface Need {
  readonly rule: number;
  readonly obligation: Obligation;
}

/** The most that a challenge lists. */
const mostListed = 16;

/** The smallest of some sets, the fewest preconditions first, then by their text; each in the order of its rules. */
export function alternativesAmong(sets: readonly (readonly Need[])[]): readonly (readonly Obligation[])[] {
  const kept: Listed[] = [];
  for (const listed of sets.map(listedOf).toSorted(before)) {
    if (kept.some((other) => covers(listed, other))) continue;
    const left = kept.filter((other) => !covers(other, listed));
    kept.splice(0, kept.length, ...left, listed);
  }
  return kept.slice(0, mostListed).map(({ obligations }) => obligations);
}

interface Listed {
  readonly obligations: readonly Obligation[];
  readonly text: string;
}

function listedOf(needs: readonly Need[]): Listed {
  const ordered = needs.toSorted((a, b) => a.rule - b.rule);
  const distinct = new Map(ordered.map(({ obligation }) => [JSON.stringify(obligation), obligation]));
  return { obligations: [...distinct.values()], text: JSON.stringify([...distinct.keys()].toSorted()) };
}

function before(a: Listed, b: Listed): number {
  const byCount = a.obligations.length - b.obligations.length;
  return byCount !== 0 ? byCount : a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}

/** Who has met all of `more` has met all of `less`. */
function covers(more: Listed, less: Listed): boolean {
  return less.obligations.every((wanted) => more.obligations.some((met) => isNoLess(met, wanted)));
}
