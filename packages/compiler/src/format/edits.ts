/**
 * The edits that turn a text into the formatted one: white space where only that changes, and a stretch of text where
 * clauses change places. They are in order, do not overlap, and leave out what stays.
 */
import type { SourceFile, TextEdit } from "@wardline/core";
import type { Piece } from "./print-doc.ts";

const endOf = (piece: Piece) => piece.start + piece.text.length;

export function editsOf(source: SourceFile, pieces: readonly Piece[]): TextEdit[] {
  const edits: TextEdit[] = [];
  const starts = earliestFrom(pieces);
  let end = 0;
  for (let from = 0; from < pieces.length;) {
    const first = pieces[from] as Piece;
    const start = starts[from] as number;
    addSpace(edits, source, end, start, first.gap);
    let to = from + 1;
    end = endOf(first);
    // Until all that was written before the next piece is there.
    while (to < pieces.length && (starts[to] as number) < end) {
      end = Math.max(end, endOf(pieces[to] as Piece));
      to += 1;
    }
    if (to > from + 1) {
      const moved = pieces.slice(from + 1, to).map(({ gap, text }) => gap + text);
      edits.push(edit(source, start, end, first.text + moved.join("")));
    }
    from = to;
  }
  addSpace(edits, source, end, source.text.length, pieces.length === 0 ? "" : "\n");
  return edits;
}

/** For each piece where the earliest of it and those after it was written. */
function earliestFrom(pieces: readonly Piece[]): number[] {
  const starts: number[] = [];
  let earliest = Infinity;
  for (let index = pieces.length - 1; index >= 0; index -= 1) {
    earliest = Math.min(earliest, (pieces[index] as Piece).start);
    starts[index] = earliest;
  }
  return starts;
}

const edit = (source: SourceFile, start: number, end: number, text: string): TextEdit => ({
  span: { file: source.name, start, end },
  text,
});

function addSpace(edits: TextEdit[], source: SourceFile, start: number, end: number, gap: string): void {
  const written = source.text.slice(start, end);
  if (written === gap) return;
  const most = Math.min(written.length, gap.length);
  let before = 0;
  while (before < most && written[before] === gap[before]) before += 1;
  let after = 0;
  while (after < most - before && written.at(-1 - after) === gap.at(-1 - after)) after += 1;
  edits.push(edit(source, start + before, end - after, gap.slice(before, gap.length - after)));
}
