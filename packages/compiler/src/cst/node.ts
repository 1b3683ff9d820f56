/**
 * The concrete syntax tree: all of a text, its comments and white space included, grouped by the rules of the grammar.
 * Nothing of the text may be missing from it: `printCst` gives the text back.
 */
import type { IToken } from "chevrotain";
import type { RuleName } from "../parse/grammar/rule-names.ts";

/** What stands between tokens. `unread` is a text over the limit, which is not cut into tokens. */
export interface Trivia {
  readonly kind: "space" | "comment" | "unread";
  readonly text: string;
  readonly start: number;
}

export interface CstToken {
  readonly kind: "token";
  readonly token: IToken;
  /** Its place among all tokens of the file, from 0. */
  readonly index: number;
  /** What stands between the token before it and this one, in order. */
  readonly leading: readonly Trivia[];
}

export type CstElement = CstNode | CstToken;

/** What a rule of the grammar took, in the order of the text. A damaged statement is a node of bare tokens. */
export interface CstNode {
  readonly kind: "node";
  readonly rule: RuleName | "damaged";
  readonly children: readonly CstElement[];
}

/** A whole file: its header and statements, damaged ones among them. */
export interface CstFile {
  readonly children: readonly CstNode[];
  readonly tokens: readonly CstToken[];
  /** What stands after the last token. */
  readonly end: readonly Trivia[];
}
