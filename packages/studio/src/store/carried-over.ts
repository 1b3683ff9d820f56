/** What was undone, on a text that somebody else has changed since: each step at the place where its words are now. */
import type { Replacement } from "./replacement.ts";

interface Undone {
  readonly steps: readonly Replacement[];
}

/**
 * The entries whose places the other's steps have not touched; the next to redo is the last. One that they have touched is left out, with
 * those that were undone before it, since these stand upon it.
 */
export function carriedOver<Entry extends Undone>(
  undone: readonly Entry[],
  others: readonly Replacement[],
): readonly Entry[] {
  const carried: Entry[] = [];
  let rest = others;
  for (const entry of undone.toReversed()) {
    const crossed = cross(entry.steps, rest);
    if (crossed === null) break;
    carried.unshift({ ...entry, steps: crossed.own });
    rest = crossed.others;
  }
  return carried;
}

interface Crossed {
  /** To be taken after the others'. */
  readonly own: readonly Replacement[];
  /** To be taken after the own. */
  readonly others: readonly Replacement[];
}

/** Both lists count on the same text. Null where a step of one is about a place of the other's. */
function cross(own: readonly Replacement[], others: readonly Replacement[]): Crossed | null {
  const moved: Replacement[] = [];
  let rest = others;
  for (const step of own) {
    let mine = step;
    const next: Replacement[] = [];
    for (const other of rest) {
      const pair = crossPair(mine, other);
      if (pair === null) return null;
      mine = pair[0];
      next.push(pair[1]);
    }
    moved.push(mine);
    rest = next;
  }
  return { own: moved, others: rest };
}

function crossPair(
  mine: Replacement,
  other: Replacement,
): readonly [mine: Replacement, other: Replacement] | null {
  if (mine.file !== other.file) return [mine, other];
  if (mine.start + mine.removed.length <= other.start) return [mine, shifted(other, mine)];
  return other.start + other.removed.length <= mine.start ? [shifted(mine, other), other] : null;
}

function shifted(step: Replacement, by: Replacement): Replacement {
  return { ...step, start: step.start + by.inserted.length - by.removed.length };
}
