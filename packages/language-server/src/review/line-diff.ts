/** Two texts line by line, paired for people: what stayed, what was added, removed or changed. */
import { matchLines } from "./match-lines.ts";

export interface DiffLine {
  /** From 1. */
  readonly line: number;
  /** Without its end. */
  readonly text: string;
  /** The part that differs from the line that it is paired with, in UTF-16 units; null in a line that is not paired or the same. */
  readonly changed: readonly [from: number, to: number] | null;
}

export interface DiffRow {
  readonly kind: "same" | "added" | "removed" | "changed";
  readonly before: DiffLine | null;
  readonly after: DiffLine | null;
}

export interface LineDiff {
  readonly rows: readonly DiffRow[];
  /** Lines of the later text that the earlier one does not have, and the other way round. */
  readonly added: number;
  readonly removed: number;
}

export function lineDiff(before: string, after: string): LineDiff {
  const [one, other] = [linesOf(before), linesOf(after)];
  const rows: DiffRow[] = [];
  let [i, j] = [0, 0];
  // The end of both texts counts as a pair, so that what stands before it is told too.
  for (const [k, l] of [...matchLines(one, other), [one.length, other.length] as const]) {
    rows.push(...between(one, other, [i, k], [j, l]));
    if (k < one.length) rows.push({ kind: "same", before: lineAt(one, k), after: lineAt(other, l) });
    [i, j] = [k + 1, l + 1];
  }
  const count = (side: "before" | "after") =>
    rows.filter((row) => row.kind !== "same" && row[side] !== null).length;
  return { rows, added: count("after"), removed: count("before") };
}

type Range = readonly [from: number, to: number];

/** Lines that were exchanged, in pairs as far as there are two. */
function between(
  one: readonly string[],
  other: readonly string[],
  [i, k]: Range,
  [j, l]: Range,
): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  for (let at = 0; at < Math.max(k - i, l - j); at += 1) {
    const before = i + at < k ? lineAt(one, i + at) : null;
    const after = j + at < l ? lineAt(other, j + at) : null;
    if (before !== null && after !== null) rows.push(changedRow(before, after));
    else rows.push({ kind: before === null ? "added" : "removed", before, after });
  }
  return rows;
}

function changedRow(before: DiffLine, after: DiffLine): DiffRow {
  const [a, b] = [before.text, after.text];
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < most - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  // No half of a character is marked.
  if (isHalf(a, head)) head -= 1;
  if (isHalf(a, a.length - tail) || isHalf(b, b.length - tail)) tail -= 1;
  return {
    kind: "changed",
    before: { ...before, changed: [head, a.length - tail] },
    after: { ...after, changed: [head, b.length - tail] },
  };
}

function isHalf(text: string, at: number): boolean {
  return at > 0 && /[\uD800-\uDBFF]/.test(text[at - 1] ?? "") && /[\uDC00-\uDFFF]/.test(text[at] ?? "");
}

function lineAt(lines: readonly string[], index: number): DiffLine {
  return { line: index + 1, text: lines[index] as string, changed: null };
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
