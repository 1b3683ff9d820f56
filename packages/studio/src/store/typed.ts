/** Which typed characters belong together, so that one undo takes back a word and not a letter. */
import type { Replacement } from "./replacement.ts";

/** Both as one list of steps, where the later goes on with what the earlier began. Null where it is something new. */
export function joinTyped(
  earlier: readonly Replacement[],
  later: readonly Replacement[],
): readonly Replacement[] | null {
  const [next, ...more] = later;
  const last = earlier.at(-1);
  if (next === undefined || last === undefined || more.length > 0 || earlier.length > 1) return null;
  if (next.file !== last.file) return null;
  if (next.removed === "") return typedOn(last, next);
  return next.inserted === "" ? deletedOn(last, next) : null;
}

/** A word and the spaces after it are one; a line is never joined to the next. */
function typedOn(last: Replacement, next: Replacement): readonly Replacement[] | null {
  if (last.inserted === "" || next.start !== last.start + last.inserted.length) return null;
  if (last.inserted.includes("\n") || next.inserted.includes("\n")) return null;
  if (/\s$/.test(last.inserted) && /^\S/.test(next.inserted)) return null;
  return [{ ...last, inserted: last.inserted + next.inserted }];
}

/** Characters that are deleted one by one, to the left or to the right. */
function deletedOn(last: Replacement, next: Replacement): readonly Replacement[] | null {
  if (last.inserted !== "" || next.removed.length !== 1 || next.removed === "\n") return null;
  if (next.start + 1 === last.start)
    return [{ ...last, start: next.start, removed: next.removed + last.removed }];
  return next.start === last.start ? [{ ...last, removed: last.removed + next.removed }] : null;
}
