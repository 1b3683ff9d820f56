/** Edits of texts as steps that can be taken back: each keeps what it removed. */
import type { TextEdit } from "@wardline/core";

/** Where `removed` stood in a file, `inserted` stands. Steps of a list count on the text that those before them left. */
export interface Replacement {
  readonly file: string;
  readonly start: number;
  readonly removed: string;
  readonly inserted: string;
}

export type Texts = ReadonlyMap<string, string>;

/** Edits whose texts end their lines as their file does: cards and fixes write `\n`, and an editor shows no text that mixes both. */
export function withEndsOf(texts: Texts, edits: readonly TextEdit[]): readonly TextEdit[] {
  const windows = new Map<string, boolean>();
  return edits.map((edit) => {
    const { file } = edit.span;
    if (!/(?<!\r)\n/.test(edit.text)) return edit;
    const isWindows = windows.get(file) ?? endsWithCrlf(texts.get(file) ?? "");
    windows.set(file, isWindows);
    return isWindows ? { ...edit, text: edit.text.replaceAll(/\r?\n/g, "\r\n") } : edit;
  });
}

const endsWithCrlf = (text: string) => text.includes("\r\n") && !/(?<!\r)\n/.test(text);

/**
 * The steps of edits that all count on `texts`. What several insert at one place stands in the order of the list.
 * Null where an edit is about a file that is not there, or lies outside its text, or where two overlap.
 */
export function replacementsOf(texts: Texts, edits: readonly TextEdit[]): readonly Replacement[] | null {
  // From the end to the start, so that no step moves the place of the next.
  const order = edits
    .map((edit, index) => ({ edit, index }))
    .toSorted((a, b) => {
      const byPlace = b.edit.span.start - a.edit.span.start || b.edit.span.end - a.edit.span.end;
      return byPlace || b.index - a.index;
    });
  const before = new Map<string, number>();
  const steps: Replacement[] = [];
  for (const { edit } of order) {
    const { file, start, end } = edit.span;
    const text = texts.get(file);
    const limit = before.get(file) ?? text?.length;
    if (text === undefined || limit === undefined) return null;
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > limit)
      return null;
    before.set(file, start);
    const removed = text.slice(start, end);
    if (removed !== edit.text) steps.push({ file, start, removed, inserted: edit.text });
  }
  return steps;
}

/** The texts after the steps. Throws where a step does not fit, which is a bug. */
export function replaced(texts: Texts, steps: readonly Replacement[]): Texts {
  const after = new Map(texts);
  for (const { file, start, removed, inserted } of steps) {
    const text = after.get(file);
    if (text === undefined || text.slice(start, start + removed.length) !== removed)
      throw new Error(`an edit of ${file} at ${start} does not fit its text`);
    after.set(file, text.slice(0, start) + inserted + text.slice(start + removed.length));
  }
  return after;
}

/** The steps that take these back. */
export function inverse(steps: readonly Replacement[]): readonly Replacement[] {
  return steps.toReversed().map(({ file, start, removed, inserted }) => ({
    file,
    start,
    removed: inserted,
    inserted: removed,
  }));
}

/** Where a place of a file stands after the steps. What is inserted at the place itself comes before it. */
export function moved(file: string, place: number, steps: readonly Replacement[]): number {
  return steps.reduce((at, step) => {
    if (step.file !== file || step.start > at) return at;
    const end = step.start + step.removed.length;
    if (end <= at) return at + step.inserted.length - step.removed.length;
    return step.start + Math.min(at - step.start, step.inserted.length);
  }, place);
}
