/** Edits of a text as a unified diff, which people read and `patch` applies. */
import { applyEdits } from "@wardline/compiler";
import type { TextEdit } from "@wardline/core";

/** Lines of context around a change. */
const context = 3;

interface Change {
  /** Of the old lines: from, to just past the last. */
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** The diff that edits make, which are in order and apart; empty if they change nothing. */
export function unifiedDiff(name: string, text: string, edits: readonly TextEdit[]): string {
  const lines = linesOf(text);
  const starts = lines.map(() => 0);
  for (let i = 1; i < lines.length; i += 1)
    starts[i] = (starts[i - 1] as number) + (lines[i - 1] as string).length;
  const hunks = grouped(changesOf(text, lines, starts, edits));
  if (hunks.length === 0) return "";
  let shift = 0;
  const printed = hunks.map((changes) => {
    const hunk = printHunk(lines, changes, shift);
    for (const { from, to, lines: put } of changes) shift += put.length - (to - from);
    return hunk;
  });
  return `--- ${name}\n+++ ${name}\n${printed.join("")}`;
}

/** Lines with their ends. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Whole lines that the edits replace, without those at either end that stay as they are. */
function changesOf(
  text: string,
  lines: readonly string[],
  starts: readonly number[],
  edits: readonly TextEdit[],
): readonly Change[] {
  const lineAt = (offset: number) => {
    const next = starts.findIndex((start) => start > offset);
    return next === -1 ? lines.length - 1 : next - 1;
  };
  const groups: { from: number; to: number; edits: TextEdit[] }[] = [];
  for (const edit of edits) {
    const from = Math.max(0, lineAt(edit.span.start));
    const to = Math.min(lines.length, Math.max(from, lineAt(edit.span.end)) + 1);
    const last = groups.at(-1);
    if (last !== undefined && from < last.to) {
      last.to = Math.max(last.to, to);
      last.edits.push(edit);
    } else groups.push({ from, to, edits: [edit] });
  }
  return groups.flatMap((group) => {
    const start = starts[group.from] ?? 0;
    const before = lines.slice(group.from, group.to);
    const moved = group.edits.map(({ span, text: put }) => ({
      span: { ...span, start: span.start - start, end: span.end - start },
      text: put,
    }));
    const old = text.slice(start, start + before.join("").length);
    const after = linesOf(applyEdits(old, moved));
    const most = Math.min(before.length, after.length);
    let head = 0;
    while (head < most && before[head] === after[head]) head += 1;
    let tail = 0;
    while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
    const change = {
      from: group.from + head,
      to: group.to - tail,
      lines: after.slice(head, after.length - tail),
    };
    return change.from === change.to && change.lines.length === 0 ? [] : [change];
  });
}

/** Changes whose context meets are one hunk. */
function grouped(changes: readonly Change[]): readonly (readonly Change[])[] {
  const hunks: Change[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1);
    if (last !== undefined && change.from - (last.at(-1) as Change).to <= 2 * context) last.push(change);
    else hunks.push([change]);
  }
  return hunks;
}

function printHunk(lines: readonly string[], changes: readonly Change[], shift: number): string {
  const from = Math.max(0, (changes[0] as Change).from - context);
  const to = Math.min(lines.length, (changes.at(-1) as Change).to + context);
  const added = changes.reduce((sum, change) => sum + change.lines.length - (change.to - change.from), 0);
  const body: string[] = [];
  let at = from;
  for (const change of changes) {
    for (; at < change.from; at += 1) body.push(marked(" ", lines[at] as string));
    for (; at < change.to; at += 1) body.push(marked("-", lines[at] as string));
    for (const line of change.lines) body.push(marked("+", line));
  }
  for (; at < to; at += 1) body.push(marked(" ", lines[at] as string));
  const old = range(from, to - from);
  const fresh = range(from + shift, to - from + added);
  return `@@ -${old} +${fresh} @@\n${body.join("")}`;
}

function range(from: number, count: number): string {
  const first = count === 0 ? from : from + 1;
  return count === 1 ? String(first) : `${first},${count}`;
}

function marked(sign: string, line: string): string {
  return line.endsWith("\n") ? `${sign}${line}` : `${sign}${line}\n\\ No newline at end of file\n`;
}
