/** Which bracket is open at a place, to show it beside the error at which it should have been closed. */
import type { IToken, TokenType } from "chevrotain";
import { CloseBrace, CloseRound, CloseSquare, OpenBrace, OpenRound, OpenSquare } from "./tokens.ts";

const closerOf: ReadonlyMap<TokenType, TokenType> = new Map([
  [OpenBrace, CloseBrace],
  [OpenRound, CloseRound],
  [OpenSquare, CloseSquare],
]);

export const closers: ReadonlySet<TokenType> = new Set(closerOf.values());

/** The innermost bracket that a run of tokens opens and does not close, or null. */
export function openBracket(tokens: readonly IToken[], from: number, to: number): IToken | null {
  const open: IToken[] = [];
  for (const token of tokens.slice(from, to))
    if (closerOf.has(token.tokenType)) open.push(token);
    else if (closers.has(token.tokenType)) open.pop();
  return open.at(-1) ?? null;
}

/** The sign that closes a bracket. */
export const closingSign = (opener: IToken): string =>
  opener.tokenType === OpenBrace ? "}" : opener.tokenType === OpenRound ? ")" : "]";
