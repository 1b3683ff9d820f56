/** Flow typing: which optional facts are known to be present, where a condition holds and where it does not. */
import type { Fact, Formula } from "./formula.ts";

export type Known = ReadonlySet<string>;

/** A checked condition, with the facts that are present if it holds (`yes`) and if it does not (`no`). */
export interface Checked {
  readonly formula: Formula;
  readonly yes: Known;
  readonly no: Known;
}

export const nothing: Known = new Set();

export function factKey(fact: Fact): string {
  return JSON.stringify(fact.source);
}

export function both(a: Known, b: Known): Known {
  return b.size === 0 ? a : a.size === 0 ? b : new Set([...a, ...b]);
}

export function common(sets: readonly Known[]): Known {
  const [first, ...rest] = sets;
  return first === undefined
    ? nothing
    : new Set([...first].filter((key) => rest.every((set) => set.has(key))));
}
