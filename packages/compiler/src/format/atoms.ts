/**
 * Tokens with their comments. A comment on a line with code before it trails the token before it, any other stands
 * before the token after it. No comment may be lost, and which of the two it is must not change by formatting.
 */
import type { CstFile, CstToken, Trivia } from "../cst/node.ts";
import { Comma } from "../parse/tokens.ts";
import { atom } from "./doc.ts";
import type { Atom, Note, Trailing } from "./doc.ts";

export interface Atoms {
  /** By the index of the token. */
  readonly atoms: readonly Atom[];
  /** Comments after the last token. */
  readonly end: readonly Note[];
}

export function atomsOf({ tokens, end }: CstFile): Atoms {
  const reader = new AtomReader();
  for (const token of tokens) reader.add(token);
  return { atoms: reader.atoms, end: reader.finish(end) };
}

const none: readonly Note[] = [];

/** A token whose comments are not all read yet. */
interface Draft {
  readonly text: string;
  readonly start: number;
  readonly before: readonly Note[];
  readonly blank: boolean;
}

class AtomReader {
  readonly atoms: Atom[] = [];
  private last: Draft | null = null;
  /** The comment that trails the last token. */
  private after: Trailing | null = null;
  /** Comments on lines of their own since the last token, and line ends since the last token or comment. */
  private notes: Note[] | null = null;
  private breaks = 0;
  /** Of the text as written. */
  private line = 0;
  private lineStart = 0;

  add({ token, leading }: CstToken): void {
    this.read(leading);
    const blank = this.breaks > 1;
    if (token.tokenType === Comma && this.last !== null) {
      // Comments before a comma move behind it.
      this.put(null);
      this.last = { text: token.image, start: token.startOffset, before: none, blank };
      return;
    }
    this.put(this.after);
    this.after = null;
    this.last = { text: token.image, start: token.startOffset, before: this.notes ?? none, blank };
    this.notes = null;
  }

  finish(end: readonly Trivia[]): readonly Note[] {
    this.read(end);
    this.put(this.after);
    return this.notes ?? none;
  }

  private put(after: Trailing | null): void {
    if (this.last !== null) this.atoms.push(atom(this.last, after));
  }

  private read(trivia: readonly Trivia[]): void {
    this.breaks = 0;
    let space = "";
    for (const piece of trivia) {
      if (piece.kind === "comment") {
        this.comment(trimmed(piece.text), piece.start, space);
      } else {
        space = piece.text;
        this.count(piece);
      }
    }
  }

  private comment(text: string, start: number, space: string): void {
    if (this.breaks === 0 && this.last !== null && this.after === null && this.notes === null) {
      const gap = space.includes("\t") ? 1 : Math.max(space.length, 1);
      this.after = { text, start, line: this.line, column: start - this.lineStart, gap };
    } else {
      this.notes ??= [];
      this.notes.push({ text, start, blank: this.breaks > 1 });
    }
    this.breaks = 0;
  }

  private count({ text, start }: Trivia): void {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
      this.breaks += 1;
      this.line += 1;
      this.lineStart = start + at + 1;
    }
  }
}

function trimmed(comment: string): string {
  let end = comment.length;
  while (comment[end - 1] === " " || comment[end - 1] === "\t") end -= 1;
  return comment.slice(0, end);
}
