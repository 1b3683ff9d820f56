/** Another text of a file as edits of this one, line by line, so that what both have stays where it is. */
import type { TextEdit } from "@wardline/core";
import { lineDiff } from "@wardline/language-server/line-diff";

/** Lines `start` to `end` of a text, as offsets, that read otherwise in another. */
interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The edits that make `after` of `before`. */
export function editsTo(file: string, before: string, after: string): readonly TextEdit[] {
  return hunks(before, after).map((hunk) => asEdit(file, hunk));
}

/**
 * The edits of `mine` that bring what `theirs` changed since `base`, and leave what `mine` changed. Null where both changed the same
 * lines, or lines that touch: only a person can say what is meant. Lines that both added at one place stand one after the other, mine first.
 */
export function editsToJoin(
  file: string,
  base: string,
  mine: string,
  theirs: string,
): readonly TextEdit[] | null {
  const own = hunks(base, mine);
  const edits: TextEdit[] = [];
  for (const other of hunks(base, theirs)) {
    if (own.some((hunk) => isSame(hunk, other))) continue;
    if (own.some((hunk) => touch(hunk, other) && !areAdded(hunk, other))) return null;
    const shift = own
      .filter(({ end }) => end <= other.start)
      .reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0);
    edits.push(asEdit(file, { ...other, start: other.start + shift, end: other.end + shift }));
  }
  return edits;
}

const isSame = (a: Hunk, b: Hunk) => a.start === b.start && a.end === b.end && a.text === b.text;
const touch = (a: Hunk, b: Hunk) => a.start <= b.end && b.start <= a.end;
/** Whole lines that both put at one place. */
const areAdded = (a: Hunk, b: Hunk) =>
  a.start === a.end && b.start === b.end && a.start === b.start && a.text.endsWith("\n");

function asEdit(file: string, { start, end, text }: Hunk): TextEdit {
  return { span: { file, start, end }, text };
}

function hunks(before: string, after: string): readonly Hunk[] {
  const [one, other] = [linesOf(before), linesOf(after)];
  const [from, to] = [startsOf(one), startsOf(other)];
  const found: Hunk[] = [];
  let [i, j] = [0, 0];
  const close = (k: number, l: number) => {
    if (i < k || j < l)
      found.push({
        start: from[i] as number,
        end: from[k] as number,
        text: after.slice(to[j], to[l]),
      });
  };
  for (const row of lineDiff(before, after).rows) {
    if (row.kind !== "same" || row.before === null || row.after === null) continue;
    const [k, l] = [row.before.line - 1, row.after.line - 1];
    // Lines that end otherwise are not the same.
    if (one[k] !== other[l]) continue;
    close(k, l);
    [i, j] = [k + 1, l + 1];
  }
  close(one.length, other.length);
  return found;
}

/** With their ends. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Where each line begins, and where the text ends. */
function startsOf(lines: readonly string[]): readonly number[] {
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length);
  return starts;
}
