/**
 * Sets the spaces before comments at the ends of lines. Comments that were put in one column on lines that follow one
 * another stay in one column; a comment alone keeps its distance, which is at least one space. Code that goes beyond
 * the width of a line moves no other line's comment.
 */
import { lineWidth } from "./print-doc.ts";
import type { Piece } from "./print-doc.ts";

type TrailingPiece = Piece & { readonly trailing: NonNullable<Piece["trailing"]> };

const isTrailing = (piece: Piece): piece is TrailingPiece => piece.trailing !== null;

const continues = (before: TrailingPiece, next: TrailingPiece) =>
  next.trailing.written.line === before.trailing.written.line + 1 &&
  next.trailing.written.column === before.trailing.written.column;

export function alignComments(pieces: readonly Piece[]): void {
  const trailing = pieces
    .filter(isTrailing)
    .toSorted((a, b) => a.trailing.written.start - b.trailing.written.start);
  let from = 0;
  for (let to = 1; to <= trailing.length; to += 1) {
    const next = trailing[to];
    if (next !== undefined && continues(trailing[to - 1] as TrailingPiece, next)) continue;
    align(trailing.slice(from, to));
    from = to;
  }
}

function align(block: readonly TrailingPiece[]): void {
  let distance = Infinity;
  let end = 0;
  // Where each stands one space after its code no column is meant.
  const isColumn = block.some(({ trailing }) => trailing.written.gap > 1);
  for (const { trailing } of block) {
    distance = Math.min(distance, trailing.written.gap);
    if (isColumn && trailing.codeEnd <= lineWidth) end = Math.max(end, trailing.codeEnd);
  }
  for (const piece of block) piece.gap = " ".repeat(Math.max(end - piece.trailing.codeEnd, 0) + distance);
}
