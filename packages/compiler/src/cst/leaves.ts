/** Tokens → the leaves of a concrete syntax tree. Every character of the text is in a token or in trivia. */
import type { IToken } from "chevrotain";
import type { Tokens } from "../parse/lex.ts";
import type { CstToken, Trivia } from "./node.ts";

export interface Leaves {
  readonly tokens: readonly CstToken[];
  readonly end: readonly Trivia[];
}

const none: readonly Trivia[] = [];

export function leavesOf({ source, tokens, comments }: Tokens): Leaves {
  let at = 0;
  let next = 0;
  const upTo = (end: number): readonly Trivia[] => {
    if (at === end) return none;
    const found: Trivia[] = [];
    const space = (start: number, stop: number) => {
      if (stop > start) found.push({ kind: "space", text: source.text.slice(start, stop), start });
    };
    for (let comment = comments[next]; comment !== undefined && comment.startOffset < end;) {
      space(at, comment.startOffset);
      found.push({ kind: "comment", text: comment.image, start: comment.startOffset });
      at = comment.startOffset + comment.image.length;
      next += 1;
      comment = comments[next];
    }
    space(at, end);
    return found;
  };
  const leaf = (token: IToken, index: number): CstToken => {
    const leading = upTo(token.startOffset);
    at = token.startOffset + token.image.length;
    return { kind: "token", token, index, leading };
  };
  return { tokens: tokens.map(leaf), end: upTo(source.text.length) };
}
