/** The last permits, by the rules that led to them: where nothing else matters, the same rules come to the same decision. */
import type { Decision } from "@wardline/core";
import type { ClosedEntry } from "./entry.ts";
import type { Matches } from "./matches.ts";
import type { State } from "./state.ts";

export interface Memory {
  /** What the state's matches came to before; undefined if that is not known. */
  readonly recall: (state: State) => Decision | undefined;
  /** Remembers a decision, if it follows from the state's matches alone. It must be frozen. */
  readonly keep: (state: State, decision: Decision) => Decision;
}

interface Kept {
  readonly grants: readonly ClosedEntry[];
  readonly requires: readonly ClosedEntry[];
  readonly decision: Decision;
}

/** How many decisions are remembered. A power of two. */
const places = 32;

export function createMemory(): Memory {
  const kept: (Kept | undefined)[] = Array.from({ length: places }, () => undefined);
  return {
    recall: ({ grants, requires }) => {
      const known = kept[placeOf(grants, requires)];
      return known !== undefined && areSame(known.grants, grants) && areSame(known.requires, requires)
        ? known.decision
        : undefined;
    },
    keep: ({ grants, requires }, decision) => {
      const all = { grants: entriesOf(grants), requires: entriesOf(requires), decision };
      // Invariant: preconditions and limits depend on facts, so that their rules may come to another decision next time.
      if ([...all.grants, ...all.requires].every((entry) => entry.isPlain))
        kept[placeOf(grants, requires)] = all;
      return decision;
    },
  };
}

function placeOf(grants: Matches, requires: Matches): number {
  let place = 0;
  for (let i = 0; i < grants.count; i += 1) place = place * 31 + (grants.entries[i] as ClosedEntry).rule;
  for (let i = 0; i < requires.count; i += 1) place = place * 31 + (requires.entries[i] as ClosedEntry).rule;
  return place & (places - 1);
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
