/** A history on a text that somebody else has changed since: each step at the place where its words are now. */
import { inverse, type Replacement } from "./replacement.ts";

interface Done {
  readonly steps: readonly Replacement[];
}

/**
 * The entries whose places the other's steps have not touched; the next to redo is the last. One that they have touched is left out, with
 * those that were undone before it, since these stand upon it.
 */
export function carriedOver<Entry extends Done>(
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

/**
 * The entries that can still be undone after the other's steps; the next to undo is the last. One whose places they have touched is left
 * out, with what was done to its file before it: it stood upon that. What was done to other files alone stays, down to an entry that
 * is about both.
 */
export function carriedBack<Entry extends Done>(
  done: readonly Entry[],
  others: readonly Replacement[],
): readonly Entry[] {
  const carried: Entry[] = [];
  const touched = new Set<string>();
  let rest = others;
  for (const entry of done.toReversed()) {
    const files = new Set(entry.steps.map(({ file }) => file));
    const crossed = [...files].some((file) => touched.has(file)) ? null : cross(inverse(entry.steps), rest);
    if (crossed !== null) {
      carried.unshift({ ...entry, steps: inverse(crossed.own) });
      rest = crossed.others;
    } else if (files.size > 1) break;
    else for (const file of files) touched.add(file);
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
