/** Changes of one block: splices of its text, made into edits that keep every comment and the formatter's style. */
import { formatText } from "@wardline/compiler";
import type { TextEdit } from "@wardline/core";
import type { Block, BlockFile } from "./blocks.ts";

/**
 * Puts text in place of a stretch. Comments within it stay, before the text, unless it `drops` them, or `holds` words as
 * they were written, with those comments among them.
 */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly drops?: true;
  readonly holds?: true;
}

/** What an edit does to its block, or why it is not done. */
export type Change = readonly Splice[] | Refused;

export interface Refused {
  readonly refused: string;
}

export const isRefused = (value: object): value is Refused => "refused" in value;

export const refuse = (reason: string): Refused => ({ refused: reason });

/** The edits of a change. None if the text stays as it is. */
export function editsOfChange(
  { source }: BlockFile,
  block: Block,
  splices: readonly Splice[],
): readonly TextEdit[] {
  const before = source.text.slice(block.from, block.to);
  const lineEnd =
    before.includes("\r\n") || (!before.includes("\n") && source.text.includes("\r\n")) ? "\r\n" : "\n";
  const spliced = spliceBlock(block, source.text, splices, lineEnd);
  if (spliced === before) return [];
  const after = isFormatted(block, before) ? (formatPiece(spliced) ?? spliced) : spliced;
  return editBetween(source.name, block.from, before, after);
}

const formattedBlocks = new WeakMap<Block, boolean>();

/** True of a block that the formatter leaves as it is. */
function isFormatted(block: Block, text: string): boolean {
  let known = formattedBlocks.get(block);
  if (known === undefined) formattedBlocks.set(block, (known = formatPiece(text) === text));
  return known;
}

function spliceBlock(block: Block, text: string, splices: readonly Splice[], lineEnd: string): string {
  let result = "";
  let at = block.from;
  for (const splice of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const within = splice.drops === true ? [] : commentsIn(block, splice.start, splice.end);
    const kept = splice.holds === true ? leftOut(within, splice.text) : within;
    const comments = kept.map((comment) => `${comment}${lineEnd}`).join("");
    const lead = comments === "" || /\s$/.test(text.slice(0, splice.start)) ? "" : " ";
    result += text.slice(at, splice.start) + lead + comments + splice.text.replaceAll("\n", lineEnd);
    at = splice.end;
  }
  const whole = result + text.slice(at, block.to);
  // A comment that was moved to the end brought a line end; without one after the block it is needed.
  return /^\s*?\n|^\s*$/.test(text.slice(block.to, block.to + 200)) ? whole.trimEnd() : whole;
}

/** The comments that a text does not hold. */
function leftOut(comments: readonly string[], text: string): readonly string[] {
  let rest = text;
  return comments.filter((comment) => {
    const at = rest.indexOf(`${comment}\n`);
    const found = at >= 0 ? at : rest.indexOf(`${comment}\r\n`);
    if (found < 0) return true;
    rest = rest.slice(0, found) + rest.slice(found + comment.length);
    return false;
  });
}

function commentsIn(block: Block, start: number, end: number): readonly string[] {
  return block.comments
    .filter((comment) => comment.start >= start && comment.start < end)
    .map(({ text }) => text.trimEnd());
}

const header = "policy x for y\n\n";

/** A statement with its comments as the formatter writes it, or null if it does not parse. */
export function formatPiece(piece: string): string | null {
  const formatted = formatText({ name: "piece", text: `${header}${piece}\n` });
  return "text" in formatted ? formatted.text.slice(header.length, -1) : null;
}

/** One edit of what differs between two texts; none where they are the same. */
export function editBetween(
  file: string,
  offset: number,
  before: string,
  after: string,
): readonly TextEdit[] {
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const span = { file, start: offset + head, end: offset + before.length - tail };
  return [{ span, text: after.slice(head, after.length - tail) }];
}
