/**
 * Where statements may begin, by line and indent. Used after an error only: a statement that parses is accepted
 * whatever its layout.
 */
import { tokenMatcher } from "chevrotain";
import type { IToken } from "chevrotain";
import type { Tokens } from "./lex.ts";
import { nearest } from "./suggest.ts";
import {
  At,
  CloseBrace,
  CloseRound,
  CloseSquare,
  Colon,
  Comma,
  Equal,
  Identifier,
  Name,
  OpenBrace,
  OpenRound,
  Text,
  Type,
  words,
} from "./tokens.ts";
import type { TokenType } from "chevrotain";
import { clauseWords, statementWords } from "./words.ts";

const starts: ReadonlySet<TokenType> = new Set([At, ...statementWords.map((word) => words[word])]);
/** What goes on with the statement before it, even on a line of its own. */
const continuations: ReadonlySet<TokenType> = new Set([
  CloseBrace,
  CloseRound,
  CloseSquare,
  Comma,
  words.and,
  words.or,
  words.in,
  words.except,
  ...clauseWords.map((word) => words[word]),
]);

export class Layout {
  private readonly tokens: readonly IToken[];
  /** For each token the indent of its line, and whether it is the first on it. */
  private readonly indents: number[] = [];
  private readonly first: boolean[] = [];

  constructor({ source, tokens }: Tokens) {
    this.tokens = tokens;
    let end = 0;
    let indent = 0;
    for (const token of tokens) {
      const { startOffset } = token;
      const lineStart = lineStartBetween(source.text, end, startOffset);
      const isFirst = this.first.length === 0 || lineStart >= 0;
      if (isFirst) indent = startOffset - Math.max(lineStart, 0);
      this.first.push(isFirst);
      this.indents.push(indent);
      end = startOffset + token.image.length;
    }
  }

  /** Whether the token can begin a statement. */
  startsStatement(index: number): boolean {
    const token = this.tokens[index];
    return token !== undefined && starts.has(token.tokenType);
  }

  /** Whether a token is most likely a misspelt statement keyword: a word near to one, before a name, a title or `{`. */
  private isMisspelt(index: number): boolean {
    const [token, next] = [this.tokens[index], this.tokens[index + 1]];
    if (token?.tokenType !== Identifier || next === undefined || token.image.length < 3) return false;
    const named = [Name, Type, Text, OpenBrace].some((kind) => tokenMatcher(next, kind));
    return named && nearest(token.image, statementWords) !== null;
  }

  isFirstOnLine(index: number): boolean {
    return this.first[index] ?? false;
  }

  /** Whether a token stands further to the right than a statement on an earlier line. */
  isIndented(statement: number, index: number): boolean {
    return (this.indents[index] ?? 0) > (this.indents[statement] ?? 0) + 1;
  }

  /**
   * The next statement keyword, or one that is misspelt, or `@` after a damaged statement: first on its line, and
   * indented no more than that.
   * A statement whose keyword was lost is moved to the right; its margin is that of the statement before it.
   */
  nextStatement(damaged: number, margin: number = damaged): number {
    const indent = this.indents[margin] ?? 0;
    const accept = (index: number) =>
      (this.indents[index] ?? 0) <= indent && (this.startsStatement(index) || this.isMisspelt(index));
    return this.find(damaged, (index) => this.isFirstOnLine(index) && accept(index));
  }

  /** The next line that cannot go on with a statement: perhaps another one whose keyword was lost. */
  nextLine(statement: number): number {
    return this.find(statement, (index) => this.beginsAnother(index));
  }

  /** Whether a token begins a line and is none that goes on with a statement. */
  beginsAnother(index: number): boolean {
    const kind = this.tokens[index]?.tokenType;
    if (!this.isFirstOnLine(index) || kind === undefined) return false;
    return !continuations.has(kind) || this.isNamed(index);
  }

  /**
   * Whether a token is the name of something, whatever its word, or stands where the keyword was: nothing that goes
   * on with a statement has a colon after its first or its second token.
   */
  private isNamed(index: number): boolean {
    const [next, second] = [this.tokens[index + 1]?.tokenType, this.tokens[index + 2]?.tokenType];
    return next === Colon || next === Equal || second === Colon;
  }

  private find(statement: number, accept: (index: number) => boolean): number {
    let index = this.afterAnnotations(statement);
    // What follows the annotations is part of the statement; a keyword that was lost is not looked for beyond it.
    if (index === statement || this.startsStatement(index)) index += 1;
    while (index < this.tokens.length) {
      if (accept(index)) return index;
      index += 1;
    }
    return this.tokens.length;
  }

  /** The first token after the annotations that begin at a token, however damaged they are. */
  private afterAnnotations(from: number): number {
    let index = from;
    while (this.tokens[index]?.tokenType === At) {
      index += 1;
      while (index < this.tokens.length && this.belongsToAnnotation(index)) index += 1;
    }
    return index;
  }

  private belongsToAnnotation(index: number): boolean {
    const kind = this.tokens[index]?.tokenType;
    if (kind === undefined) return false;
    if (kind === OpenRound || kind === Text || kind === CloseRound) return true;
    return this.tokens[index - 1]?.tokenType === At && !this.isFirstOnLine(index) && !starts.has(kind);
  }
}

/** Where the last line begins that begins in a gap between tokens; -1 if none does. */
function lineStartBetween(text: string, from: number, to: number): number {
  for (let at = to - 1; at >= from; at -= 1) if (text.charCodeAt(at) === 10) return at + 1;
  return -1;
}
