/** Counts brackets and `not`s before anything is parsed. Must count at least as deep as the grammar recurses. */
import type { IToken } from "chevrotain";
import {
  CloseBrace,
  CloseRound,
  CloseSquare,
  Comma,
  OpenBrace,
  OpenRound,
  OpenSquare,
  words,
} from "./tokens.ts";
import { clauseWords } from "./words.ts";

const opens = new Set([OpenBrace, OpenRound, OpenSquare]);
const closes = new Set([CloseBrace, CloseRound, CloseSquare]);
/** What ends the reach of a `not`. */
const ends = new Set([
  Comma,
  words.and,
  words.or,
  words.let,
  words.permit,
  words.forbid,
  ...clauseWords.map((word) => words[word]),
]);

/** The index of the first token in a run that lies deeper than `limit`; the run's end if none does. */
export function tooDeepAt(tokens: readonly IToken[], from: number, to: number, limit: number): number {
  const outer: number[] = [];
  let depth = 0;
  let nots = 0;
  for (let index = from; index < to; index += 1) {
    const kind = tokens[index]?.tokenType;
    if (kind === undefined) return to;
    if (kind === words.not) {
      // `not in` is an operator and nests nothing.
      if (tokens[index + 1]?.tokenType !== words.in) nots += 1;
    } else if (opens.has(kind)) {
      outer.push(depth);
      depth += nots + 1;
      nots = 0;
    } else if (closes.has(kind)) {
      depth = outer.pop() ?? 0;
      nots = 0;
    } else if (ends.has(kind)) {
      nots = 0;
    }
    if (depth + nots > limit) return index;
  }
  return to;
}
