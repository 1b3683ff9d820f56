/** What a person took of others, so that undo takes the decision back too, and not the text alone. */
import type { DocumentStore } from "../store/document-store.ts";

/** What a text is made from. */
export interface Base {
  readonly text: string;
  readonly version: string;
  /** A text of ours may have been written since, and nobody said so. */
  readonly isUnsure: boolean;
}

export interface BasesOfFiles {
  readonly baseOf: (file: string) => Base;
  /** Changes with each save of the file from here. */
  readonly savesOf: (file: string) => number;
  /** From here on the text of the file is made from this. */
  readonly rest: (file: string, base: Base) => void;
  /** The person has not decided yet: the text is made from `base`, and on disk is `theirs`. */
  readonly reopen: (file: string, base: Base, theirs: Base) => void;
}

interface Taken {
  readonly file: string;
  readonly before: Base;
  readonly saves: number;
  /** What stood on disk as it was undone. */
  theirs: Base | null;
}

/**
 * Gives what is to be told of a text that is about to be taken: the mark of its entry. Undoing the entry brings the conflict back, so that
 * the next save asks again; where the file was saved here since, it is an edit as any other.
 */
export function watchTaken(store: DocumentStore, files: BasesOfFiles): (file: string) => object {
  const taken = new WeakMap<object, Taken>();
  store.subscribe(({ kind, mark }) => {
    const known = mark === null ? undefined : taken.get(mark);
    if (known === undefined || files.savesOf(known.file) !== known.saves) return;
    const { file, before } = known;
    const now = files.baseOf(file);
    if (kind === "undo") {
      known.theirs = now;
      files.reopen(file, { ...before, isUnsure: before.isUnsure || now.isUnsure }, now);
    }
    if (kind === "redo" && known.theirs !== null && now.version === before.version)
      files.rest(file, known.theirs);
  });
  return (file) => {
    const mark = {};
    taken.set(mark, { file, before: files.baseOf(file), saves: files.savesOf(file), theirs: null });
    return mark;
  };
}
