/** The stretch of an expression with the parentheses around it. */
import type { Expression } from "@wardline/compiler";
import { endOf, type Block } from "../text/blocks.ts";

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** An expression as it can be taken out or replaced. */
export function outerOf(block: Block, { span }: Expression): Stretch {
  const { tokens } = block;
  let first = tokens.findIndex(({ token }) => token.startOffset === span.start);
  let last = tokens.findIndex((token) => endOf(token) === span.end);
  while (tokens[first - 1]?.token.image === "(" && tokens[last + 1]?.token.image === ")") {
    first -= 1;
    last += 1;
  }
  const [from, to] = [tokens[first], tokens[last]];
  return from === undefined || to === undefined
    ? { start: span.start, end: span.end }
    : { start: from.token.startOffset, end: endOf(to) };
}

/** Where the first token before an offset ends; the block's beginning if there is none. */
export function endBefore(block: Block, offset: number): number {
  const before = block.tokens.findLast((token) => endOf(token) <= offset);
  return before === undefined ? block.start : endOf(before);
}

/** The tokens between two offsets. */
export const tokensBetween = (block: Block, from: number, to: number) =>
  block.tokens.filter(({ token }) => token.startOffset >= from && token.startOffset < to);
