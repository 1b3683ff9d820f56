/** Parts → pieces of text with what stands before each. Takes time in proportion to the text. */
import type { Atom, Doc, Line, Note, Notes, Sequence, Trailing } from "./doc.ts";

/** Columns of a line, comments at its end not counted. */
export const lineWidth = 110;
const indentWidth = 2;

/** A token or a comment as it was written, and the white space before it in the formatted text. */
export interface Piece {
  gap: string;
  readonly text: string;
  /** Its place in the text as written. */
  readonly start: number;
  /** Of a comment at the end of a line: its place as written, and the column where the code before it ends. */
  readonly trailing: { readonly written: Trailing; readonly codeEnd: number } | null;
}

export function printDoc(doc: Doc): Piece[] {
  const printer = new Printer();
  printer.print(doc, 0, true, 0);
  return printer.pieces;
}

class Printer {
  readonly pieces: Piece[] = [];
  private column = 0;
  /** Whether the line is empty so far; then `breaks` line ends and `margin` spaces come before what is written next. */
  private fresh = true;
  private breaks = 0;
  private margin = 0;
  /** Whether a space comes next, and how far in the next line begins if a comment ends this one there. */
  private space = false;
  private hang = 0;
  /** Whether a comment has ended the line. */
  private ended = false;
  private blank: Line["blank"] = "all";

  /** `tail` is how many columns what follows needs on the same line. */
  print(doc: Doc, margin: number, broken: boolean, tail: number): void {
    switch (doc.kind) {
      case "atom":
        return this.atom(doc, margin);
      case "notes":
        return this.notes(doc, margin);
      case "space":
        this.space = true;
        this.hang = margin + indentWidth;
        return;
      case "line":
        return this.line(doc, margin, broken && doc.how !== "fill");
      case "sequence": {
        const inner = doc.indented ? margin + indentWidth : margin;
        return this.sequence(doc, inner, broken && (!doc.group || this.mustBreak(doc, inner, tail)), tail);
      }
    }
  }

  private sequence({ of }: Sequence, margin: number, broken: boolean, tail: number): void {
    for (let index = 0; index < of.length; index += 1) {
      const doc = of[index] as Doc;
      const after = broken && doc.kind === "sequence" && doc.canBreak ? tailOf(of, index, tail) : tail;
      if (broken && doc.kind === "line" && doc.how === "fill") {
        const next = of[index + 1];
        const ends = next !== undefined && this.overflows(next, tailOf(of, index + 1, tail));
        this.line(doc, margin, ends);
      } else {
        this.print(doc, margin, broken, after);
      }
    }
  }

  private mustBreak(doc: Sequence, margin: number, tail: number): boolean {
    if (doc.mustBreak) return true;
    const isMoved = !this.fresh && (this.ended || doc.below);
    const from = isMoved ? (this.space ? this.hang : margin) : this.column + (this.space ? 1 : 0);
    return from + doc.width + tail > lineWidth;
  }

  private overflows(next: Doc, tail: number): boolean {
    return next.mustBreak || next.below || this.ended || this.column + 1 + next.width + tail > lineWidth;
  }

  private line({ how, flat, blank }: Line, margin: number, ends: boolean): void {
    if (how === "hard" || ends) {
      this.newLine(margin, blank === "one" ? 2 : 1);
      this.blank = blank;
    } else {
      this.space = flat === " ";
      this.hang = margin;
    }
  }

  private atom({ text, start, before, after, blank }: Atom, margin: number): void {
    const moved = this.space ? this.hang : margin + indentWidth;
    for (const note of before) this.note(note, moved);
    if (this.ended) this.newLine(before.length > 0 ? this.margin : moved);
    this.keepBlank(blank);
    this.write(text, start, null);
    this.blank = "none";
    if (after === null) return;
    this.write(after.text, after.start, { written: after, codeEnd: this.column });
    this.ended = true;
  }

  private notes({ notes }: Notes, margin: number): void {
    for (const note of notes) this.note(note, margin);
    this.blank = "none";
  }

  private note({ text, start, blank }: Note, margin: number): void {
    if (!this.fresh) this.newLine(this.ended && this.pieces.at(-1)?.trailing === null ? this.margin : margin);
    this.keepBlank(blank);
    this.write(text, start, null);
    this.ended = true;
  }

  private newLine(margin: number, breaks = 1): void {
    this.fresh = true;
    this.breaks = breaks;
    this.margin = margin;
    this.column = margin;
    this.space = false;
    this.ended = false;
  }

  private keepBlank(blank: boolean): void {
    if (blank && this.blank === "all" && this.breaks === 1) this.breaks = 2;
    if (this.blank !== "none") this.blank = "all";
  }

  private write(text: string, start: number, trailing: Piece["trailing"]): void {
    const gap = this.fresh ? lineStart(this.breaks, this.margin) : this.space ? " " : "";
    this.pieces.push({ gap, text, start, trailing });
    this.column += (this.space ? 1 : 0) + text.length;
    this.fresh = false;
    this.breaks = 0;
    this.space = false;
  }
}

const lineStarts: string[][] = [];

/** Line ends and the indent after them. There are few, so each is made once. */
function lineStart(breaks: number, margin: number): string {
  const known = (lineStarts[breaks] ??= []);
  return (known[margin] ??= "\n".repeat(breaks) + " ".repeat(margin));
}

/** How many columns what follows a part needs, up to the next place where the line may end. */
function tailOf(of: readonly Doc[], index: number, tail: number): number {
  let width = 0;
  for (let next = index + 1; next < of.length && width <= lineWidth; next += 1) {
    const doc = of[next] as Doc;
    if (doc.canBreak) return width + doc.lead;
    width += doc.width;
  }
  return width + tail;
}
