/** The last decisions, by the rules that led to them: where nothing else matters, the same rules come to the same decision. */
import type { Decision } from "@wardline/core";
import { isBare, type ClosedEntry } from "./entry.ts";
import type { Matches } from "./matches.ts";
import type { State } from "./state.ts";

/** By place. An engine has one; it keeps no more than its places. */
export type Memory = (Kept | undefined)[];

interface Kept {
  readonly forbids: readonly ClosedEntry[];
  readonly grants: readonly ClosedEntry[];
  readonly requires: readonly ClosedEntry[];
  readonly decision: Decision;
}

/** How many decisions are remembered. A power of two. */
const places = 64;

export function createMemory(): Memory {
  return Array.from({ length: places }, () => undefined);
}

/** What the state's matches came to before; undefined if that is not known. */
export function recall(memory: Memory, state: State): Decision | undefined {
  const only = onlyEntry(state);
  if (only !== null) return only.alone ?? undefined;
  const known = memory[placeOf(state)];
  return known !== undefined &&
    areSame(known.forbids, state.forbids) &&
    areSame(known.grants, state.grants) &&
    areSame(known.requires, state.requires)
    ? known.decision
    : undefined;
}

/** Remembers a decision, if it follows from the state's matches alone. It must be frozen. */
export function keep(memory: Memory, state: State, decision: Decision): Decision {
  const only = onlyEntry(state);
  if (only !== null) {
    if (only.isPlain) only.alone = decision;
    return decision;
  }
  const grants = entriesOf(state.grants);
  const requires = entriesOf(state.requires);
  // Invariant: preconditions and limits depend on facts, so that their rules may come to another decision next time.
  if ([...grants, ...requires].every((entry) => entry.isPlain))
    memory[placeOf(state)] = { forbids: entriesOf(state.forbids), grants, requires, decision };
  return decision;
}

/** The entry that was found, if it is only one. */
function onlyEntry({ forbids, grants, requires }: State): ClosedEntry | null {
  if (forbids.count + grants.count + requires.count !== 1) return null;
  return (grants.count === 1 ? grants.entries[0] : forbids.entries[0]) as ClosedEntry;
}

/** All that was found is bare. */
export function areBare({ grants, requires }: State): boolean {
  for (let i = 0; i < grants.count; i += 1) if (!isBare(grants.entries[i] as ClosedEntry)) return false;
  for (let i = 0; i < requires.count; i += 1) if (!isBare(requires.entries[i] as ClosedEntry)) return false;
  return true;
}

function placeOf({ forbids, grants, requires }: State): number {
  return mix(mix(mix(0, forbids), grants), requires) & (places - 1);
}

function mix(hash: number, { entries, count }: Matches): number {
  let mixed = hash;
  for (let i = 0; i < count; i += 1) mixed = (Math.imul(mixed, 31) + (entries[i] as ClosedEntry).serial) | 0;
  return mixed;
}

function entriesOf(matches: Matches): readonly ClosedEntry[] {
  return matches.entries.slice(0, matches.count);
}

/** Entries of different passes and tables are different objects: equal lists mean equal passes. */
function areSame(known: readonly ClosedEntry[], matches: Matches): boolean {
  if (known.length !== matches.count) return false;
  for (let i = 0; i < known.length; i += 1) if (known[i] !== matches.entries[i]) return false;
  return true;
}
