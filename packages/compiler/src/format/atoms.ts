/**
 * Tokens with their comments. A comment on a line with code before it trails the token before it, any other stands
 * before the token after it. No comment may be lost, and which of the two it is must not change by formatting.
 */
import { Comma } from "../parse/tokens.ts";
import type { CstFile, CstToken, Trivia } from "../cst/node.ts";
import { atom } from "./doc.ts";
import type { Atom, Note, Trailing } from "./doc.ts";

export interface Atoms {
  /** By the index of the token. */
  readonly atoms: readonly Atom[];
  /** Comments after the last token. */
  readonly end: readonly Note[];
}

interface Draft {
  readonly text: string;
  readonly start: number;
  readonly before: readonly Note[];
  after: Trailing | null;
  readonly blank: boolean;
}

/** Line ends of a text, and where its last line begins. */
function breaksIn({ text, start }: Trivia): { readonly count: number; readonly lineStart: number | null } {
  let count = 0;
  let at = text.indexOf("\n");
  let last = -1;
  while (at >= 0) {
    count += 1;
    last = at;
    at = text.indexOf("\n", at + 1);
  }
  return { count, lineStart: last < 0 ? null : start + last + 1 };
}

const none: readonly Note[] = [];

function trimmed(comment: string): string {
  let end = comment.length;
  while (comment[end - 1] === " " || comment[end - 1] === "\t") end -= 1;
  return comment.slice(0, end);
}

export function atomsOf({ tokens, end }: CstFile): Atoms {
  const drafts: Draft[] = [];
  let line = 0;
  let lineStart = 0;
  /** Comments that stood before a comma and move behind it. */
  let carried: readonly Note[] = none;

  const read = (trivia: readonly Trivia[]): { readonly before: readonly Note[]; readonly blank: boolean } => {
    let before: Note[] | null = carried.length === 0 ? null : [...carried];
    carried = none;
    const last = drafts.at(-1);
    let breaks = 0;
    let space = "";
    for (const piece of trivia) {
      if (piece.kind !== "comment") {
        const found = breaksIn(piece);
        breaks += found.count;
        line += found.count;
        lineStart = found.lineStart ?? lineStart;
        space = piece.text;
        continue;
      }
      const { start } = piece;
      const text = trimmed(piece.text);
      if (breaks === 0 && last !== undefined && last.after === null && before === null) {
        const gap = space.includes("\t") ? 1 : Math.max(space.length, 1);
        last.after = { text, start, line, column: start - lineStart, gap };
      } else {
        before ??= [];
        before.push({ text, start, blank: breaks > 1 });
      }
      breaks = 0;
    }
    return { before: before ?? none, blank: breaks > 1 };
  };

  const add = ({ token, leading }: CstToken): void => {
    const { before, blank } = read(leading);
    const text = token.image;
    const start = token.startOffset;
    const last = drafts.at(-1);
    if (token.tokenType === Comma && last !== undefined) {
      drafts.push({ text, start, before: none, after: last.after, blank });
      last.after = null;
      carried = before;
    } else {
      drafts.push({ text, start, before, after: null, blank });
    }
  };

  tokens.forEach(add);
  const rest = read(end);
  return { atoms: drafts.map(atom), end: rest.before };
}
