/** Runs one rule of the grammar on a run of tokens. Must never let the parser go deeper than the limit. */
import { EOF } from "chevrotain";
import type { IToken, ParserMethod } from "chevrotain";
import type { Finding } from "@wardline/core";
import type { CstNode, CstToken } from "../cst/node.ts";
import { Recorder } from "../cst/recorder.ts";
import { tooDeepAt } from "./depth.ts";
import { theParser } from "./grammar/parser.ts";
import type { Tokens } from "./lex.ts";

/** What a rule made of a run of tokens. */
export interface Attempt<T> {
  readonly value: T | null;
  /** The first token that was not taken: what follows, or what does not fit. */
  readonly next: number;
  /** `expected` says in words what was expected at `next`. */
  readonly error: { readonly expected: string } | "too deep" | null;
  /** Findings on what parsed. */
  readonly notes: readonly Finding[];
  /** What the rule took, where leaves were given. */
  readonly node: CstNode | null;
}

export interface Run {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  /** The leaves of the whole file, if a tree is wanted. */
  readonly leaves: readonly CstToken[] | null;
}

/** Runs a rule on as few of the tokens as it needs, so that a file costs no more than its length. */
export function attempt<T>(file: Tokens, rule: ParserMethod<[], T>, run: Run): Attempt<T> {
  const { from, to, depth, leaves } = run;
  for (let size = 64; ; size *= 4) {
    const stop = Math.min(to, from + size);
    const deep = tooDeepAt(file.tokens, from, stop, depth);
    const result = runOn(file, rule, { from, to: deep, depth, leaves });
    // The parser looks two tokens ahead: what it says of those before them does not depend on what follows.
    if (result.next < deep - 1) return result;
    if (deep < stop) return { value: null, next: deep, error: "too deep", notes: [], node: null };
    if (stop === to) return result;
  }
}

function runOn<T>(file: Tokens, rule: ParserMethod<[], T>, { from, to, leaves }: Run): Attempt<T> {
  const parser = theParser();
  const recorder = leaves === null ? null : new Recorder(leaves, from);
  parser.load(file, from, to, recorder);
  const value = withoutTraces(() => (rule.call(parser) as T | undefined) ?? null);
  const [error] = parser.errors;
  const { notes, leftover } = parser;
  const indexOf = ({ tokenType, startOffset }: IToken) =>
    tokenType === EOF ? to : indexAt(file.tokens, startOffset);
  if (error !== undefined)
    return { value: null, next: indexOf(error.token), error: { expected: error.message }, notes, node: null };
  const next = leftover === null ? to : indexOf(leftover);
  return { value, next, error: null, notes, node: recorder?.node ?? null };
}

/**
 * Runs without the traces of errors: the parser makes an error for each statement that another one follows, and nobody
 * reads where in its code it did so.
 */
function withoutTraces<T>(run: () => T): T {
  const errors = Error as unknown as { stackTraceLimit?: number };
  const limit = errors.stackTraceLimit;
  // Only V8 has it.
  if (limit === undefined) return run();
  errors.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    errors.stackTraceLimit = limit;
  }
}

function indexAt(tokens: readonly IToken[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.startOffset ?? offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
