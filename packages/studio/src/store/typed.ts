/** Which typed characters belong together, so that one undo takes back a word and not a letter. */
import type { Replacement } from "./replacement.ts";

/**
 * Both as one list of steps, where each later step goes on with what the earlier one of its caret began: as many carets as there were.
 * Null where it is something new. Both lists go from the end of a text to its start, as those of one edit do.
 */
export function joinTyped(
  earlier: readonly Replacement[],
  later: readonly Replacement[],
): readonly Replacement[] | null {
  if (later.length === 0 || later.length !== earlier.length) return null;
  const joined: Replacement[] = [];
  // What the earlier steps nearer to the start have put there has moved this one.
  let shift = 0;
  for (let at = later.length - 1; at >= 0; at -= 1) {
    const [last, next] = [earlier[at] as Replacement, later[at] as Replacement];
    const other = earlier[at + 1];
    if (next.file !== last.file || (other !== undefined && other.file !== last.file)) return null;
    const step = joinStep(last, { ...next, start: next.start - shift });
    const before = joined[0];
    if (step === null || (before !== undefined && step.start < before.start + before.removed.length))
      return null;
    joined.unshift(step);
    shift += last.inserted.length - last.removed.length;
  }
  return joined;
}

function joinStep(last: Replacement, next: Replacement): Replacement | null {
  if (next.removed === "") return typedOn(last, next);
  return next.inserted === "" ? deletedOn(last, next) : null;
}

/** A word and the spaces after it are one; a line is never joined to the next. */
function typedOn(last: Replacement, next: Replacement): Replacement | null {
  if (last.inserted === "" || next.start !== last.start + last.inserted.length) return null;
  if (last.inserted.includes("\n") || next.inserted.includes("\n")) return null;
  if (/\s$/.test(last.inserted) && /^\S/.test(next.inserted)) return null;
  return { ...last, inserted: last.inserted + next.inserted };
}

/** Characters that are deleted one by one, to the left or to the right. */
function deletedOn(last: Replacement, next: Replacement): Replacement | null {
  if (last.inserted !== "" || next.removed.length !== 1 || next.removed === "\n") return null;
  if (next.start + 1 === last.start)
    return { ...last, start: next.start, removed: next.removed + last.removed };
  return next.start === last.start ? { ...last, removed: last.removed + next.removed } : null;
}
