/**
 * A file's text → its AST and findings. Never throws on any text. A damaged statement is not in the AST, and whatever
 * stands outside it is untouched by it.
 */
import type { IToken, ParserMethod } from "chevrotain";
import type { Finding, SourceFile, Span } from "@wardline/core";
import type { FileAst, Header, Statement } from "../ast/statement.ts";
import { leavesOf, type Leaves } from "../cst/leaves.ts";
import type { CstFile, CstNode, CstToken } from "../cst/node.ts";
import { finding } from "../diagnostics/table.ts";
import { attempt } from "./attempt.ts";
import type { Attempt } from "./attempt.ts";
import { openBracket } from "./brackets.ts";
import type { KnownStart } from "./edited.ts";
import { theParser } from "./grammar/parser.ts";
import { Layout } from "./layout.ts";
import { tokenize } from "./lex.ts";
import type { Tokens } from "./lex.ts";
import { bytesOf, platformLimits } from "./limits.ts";
import type { TextLimits } from "./limits.ts";
import { badHeader, isMisspeltPart, leftover, unexpected, unknownStatement } from "./report.ts";
import type { Place } from "./report.ts";
import { tokenizeOnce } from "./tokenize-once.ts";
import { Colon, words } from "./tokens.ts";
import { headerWords } from "./words.ts";

/** A `//` or `///` comment, with its slashes and without its line's end. */
export interface Comment {
  readonly text: string;
  readonly span: Span;
}

/** Tokens that stand side by side: a statement, or a damaged stretch. */
export interface Extent {
  /** Among all tokens of the file, from 0: the first, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Null of a damaged stretch. */
  readonly statement: Statement | null;
}

export interface ParsedFile {
  readonly ast: FileAst;
  /** How many tokens the header takes; 0 without one. */
  readonly headerTokens: number;
  /** What stands behind the header, in the order of the text. Every token is in one of them. */
  readonly extents: readonly Extent[];
  /** In the order of the text. */
  readonly comments: readonly Comment[];
  /** In the order of the text. With any error among them the AST serves reports only. */
  readonly findings: readonly Finding[];
}

/** Parses a file. For a text that a tenant wrote, give `tenantLimits`. */
export function parseFile(source: SourceFile, limits: TextLimits = platformLimits): ParsedFile {
  return tooLong(source, limits) ?? new FileParse(tokenizeWithin(source, limits), limits, null).parse();
}

/** Parses a file that somebody is editing. `start`: what is known of its begin, which is taken as it is. */
export function parseEdited(source: SourceFile, limits: TextLimits, start: KnownStart): ParsedFile {
  return tooLong(source, limits) ?? new FileParse(tokensOnce(source, limits), limits, null).parse(start);
}

/** Parses a file and keeps all of its text in a concrete syntax tree, also where it is damaged. */
export function parseCst(
  source: SourceFile,
  limits: TextLimits = platformLimits,
): ParsedFile & { readonly cst: CstFile } {
  const refused = tooLong(source, limits);
  if (refused !== null)
    return {
      ...refused,
      cst: { children: [], ...unread(source) },
    };
  const tokens = tokenizeWithin(source, limits);
  const leaves = leavesOf(tokens);
  const parse = new FileParse(tokens, limits, leaves.tokens);
  const parsed = parse.parse();
  return { ...parsed, cst: { children: parse.nodes, ...leaves } };
}

/** The tokens of a file with what stands between them, as {@link parseCst} has them. */
export function leavesIn(source: SourceFile, limits: TextLimits = platformLimits): Leaves {
  return bytesOf(source.text) > limits.bytes ? unread(source) : leavesOf(tokensOnce(source, limits));
}

const unread = ({ text }: SourceFile): Leaves => ({ tokens: [], end: [{ kind: "unread", text, start: 0 }] });

/** One finding more than is reported tells that there are more. */
const tokenizeWithin = (source: SourceFile, { findings }: TextLimits) => tokenize(source, findings + 1);
const tokensOnce = (source: SourceFile, { findings }: TextLimits) => tokenizeOnce(source, findings + 1);

function tooLong(source: SourceFile, limits: TextLimits): ParsedFile | null {
  const bytes = bytesOf(source.text);
  if (bytes <= limits.bytes) return null;
  const span = { file: source.name, start: 0, end: 0 };
  const holes = { found: String(bytes), limit: String(limits.bytes) };
  return {
    ast: { file: source.name, header: null, statements: [] },
    headerTokens: 0,
    extents: [],
    comments: [],
    findings: [finding("limit/text", span, holes)],
  };
}

/** So many tokens after a statement have a say in where it ends. */
const seenBeyond = 4;

/** Where the last step began, and the statement that it found. */
interface Before {
  readonly at: number;
  readonly statement: Statement | null;
}

/** One pass over one file. */
class FileParse {
  private readonly tokens: readonly IToken[];
  private readonly layout: Layout;
  private readonly findings: Finding[];
  private readonly statements: Statement[] = [];
  private readonly file: Tokens;
  private readonly limits: TextLimits;
  private readonly leaves: readonly CstToken[] | null;
  private readonly extents: Extent[] = [];
  /** The trees of the header and of all statements, if leaves are given. They hold every leaf, each once. */
  readonly nodes: CstNode[] = [];

  constructor(file: Tokens, limits: TextLimits, leaves: readonly CstToken[] | null) {
    this.file = file;
    this.limits = limits;
    this.leaves = leaves;
    this.tokens = file.tokens;
    this.layout = new Layout(file);
    this.findings = [...file.findings];
  }

  parse(start?: KnownStart): ParsedFile {
    const { header, next } = this.header();
    let index = next;
    let before: Before = { at: 0, statement: null };
    if (start !== undefined && header !== null && this.leaves === null)
      for (const statement of start.statements) {
        const end = this.endOfKnown(statement, index, start.same);
        if (end === null) break;
        this.statements.push(statement);
        this.extents.push({ from: index, to: end, statement });
        before = { at: index, statement };
        index = end;
      }
    while (index < this.tokens.length && this.findings.length <= this.limits.findings) {
      const parsed = this.statements.length;
      const end = this.layout.startsStatement(index) ? this.statement(index) : this.stray(index, before);
      if (end <= index) throw new Error("Invariant: every step takes a token");
      before = { at: index, statement: this.statements[parsed] ?? null };
      index = end;
    }
    this.keepDamaged(index, this.tokens.length);
    const ast = { file: this.file.source.name, header, statements: this.statements };
    const headerTokens = header === null ? 0 : next;
    const comments = this.file.comments.map(({ image, startOffset }) => ({
      text: image,
      span: { file: ast.file, start: startOffset, end: startOffset + image.length },
    }));
    return { ast, headerTokens, extents: this.extents, comments, findings: this.reported() };
  }

  /**
   * Where a statement ends that is known to begin at a token; null if it does not, or if what follows it, at which the parser
   * looks too, is not known to be as it was.
   */
  private endOfKnown({ span }: Statement, from: number, same: number): number | null {
    if (this.tokens[from]?.startOffset !== span.start) return null;
    let end = from;
    while ((this.tokens[end]?.startOffset ?? Infinity) < span.end) end += 1;
    const seen = this.tokens[end + seenBeyond];
    return seen !== undefined && seen.startOffset + seen.image.length < same ? end : null;
  }

  private header(): { readonly header: Header | null; readonly next: number } {
    const first = this.tokens[0];
    if (first === undefined || this.layout.startsStatement(0)) {
      this.report(badHeader(this.placeOf(0)), 0, 1);
      return { header: null, next: 0 };
    }
    const end = this.layout.nextStatement(0);
    if (!headerWords.some((word) => words[word] === first.tokenType)) {
      this.report(badHeader(this.placeOf(0)), 0, end);
      this.keepDamaged(0, end);
      return { header: null, next: end };
    }
    const attempt = this.attempt(theParser().header, 0, this.tokens.length);
    const whole =
      attempt.value !== null &&
      (attempt.next >= this.tokens.length ||
        this.layout.startsStatement(attempt.next) ||
        this.layout.isFirstOnLine(attempt.next));
    if (whole && !this.isBroken(0, attempt.next)) {
      if (attempt.node !== null) this.nodes.push(attempt.node);
      return { header: attempt.value, next: attempt.next };
    }
    const { error } = attempt;
    const expected =
      error === null || error === "too deep" ? "the first statement after the header" : error.expected;
    this.report(unexpected(this.placeOf(attempt.next, end), expected), 0, end);
    this.keepDamaged(0, end);
    return { header: null, next: end };
  }

  /** Reports what is no statement, and returns where the next one begins. */
  private stray(from: number, before: Before): number {
    const end = this.layout.nextStatement(from, before.at);
    const goesOn = before.statement !== null && this.layout.isIndented(before.at, from);
    const place = this.placeOf(from);
    this.report(goesOn ? leftover(place, before.statement) : unknownStatement(place), from, end);
    this.keepDamaged(from, end);
    return end;
  }

  /** Parses the statement that begins at a token, and returns where the next one begins. */
  private statement(from: number): number {
    const long = this.attempt(theParser().statement, from, this.tokens.length);
    if (this.accept(from, long)) return long.next;
    const end = this.layout.nextStatement(from);
    const short = this.attempt(theParser().statement, from, end);
    if (this.accept(from, short)) return short.next;
    const line = this.layout.nextLine(from);
    if (line < end) {
      const cut = this.attempt(theParser().statement, from, line);
      if (cut.next === line && this.accept(from, cut)) return line;
    }
    this.damaged(from, end, short);
    return end;
  }

  /** Takes a statement that is whole: parsed, followed by nothing or another statement. */
  private accept(from: number, attempt: Attempt<Statement>): boolean {
    if (attempt.value === null || !this.isWhole(attempt.value, attempt.next)) return false;
    if (!this.isBroken(from, attempt.next)) {
      this.statements.push(attempt.value);
      this.extents.push({ from, to: attempt.next, statement: attempt.value });
      this.findings.push(...attempt.notes);
      if (attempt.node !== null) this.nodes.push(attempt.node);
    } else {
      this.keepDamaged(from, attempt.next);
    }
    return true;
  }

  /** Keeps tokens that are part of no statement. */
  private keepDamaged(from: number, to: number): void {
    if (from >= to) return;
    this.extents.push({ from, to, statement: null });
    if (this.leaves === null) return;
    this.nodes.push({ kind: "node", rule: "damaged", children: this.leaves.slice(from, to) });
  }

  private damaged(from: number, end: number, { value, next, error }: Attempt<Statement>): void {
    this.keepDamaged(from, end);
    if (error === "too deep") {
      const holes = { limit: String(this.limits.depth) };
      this.report(finding("limit/depth", this.spanOf(next, next + 1), holes), from, end);
    } else if (error !== null) {
      this.report(unexpected(this.placeOf(next, end, from), error.expected), from, end);
    } else if (value !== null) {
      this.report(leftover(this.placeOf(next, this.tokens.length, from), value), from, end);
    }
  }

  /** Whether what stands after a parsed statement is not a part of it that did not parse. */
  private isWhole(statement: Statement, next: number): boolean {
    if (next >= this.tokens.length || this.layout.startsStatement(next)) return true;
    // No clause has a colon after its word: `trusing: …` is a rule without its keyword.
    const isNamed = this.tokens[next + 1]?.tokenType === Colon;
    return this.layout.beginsAnother(next) && (isNamed || !isMisspeltPart(this.placeOf(next), statement));
  }

  private attempt<T>(rule: ParserMethod<[], T>, from: number, to: number): Attempt<T> {
    return attempt(this.file, rule, { from, to, depth: this.limits.depth, leaves: this.leaves });
  }

  /** A token as a place; the end of a damaged statement is shown at its last token. */
  private placeOf(index: number, end = this.tokens.length, from = index): Place {
    const found = index < end ? (this.tokens[index] ?? null) : null;
    const last = this.tokens[Math.min(index, end) - 1] ?? null;
    return { source: this.file.source, found, last, opener: openBracket(this.tokens, from, index) };
  }

  private spanOf(from: number, to: number) {
    const first = this.tokens[from];
    const last = this.tokens[to - 1];
    const start = first?.startOffset ?? this.file.source.text.length;
    return {
      file: this.file.source.name,
      start,
      end: last === undefined ? start : last.startOffset + last.image.length,
    };
  }

  /** Reports a damaged statement, unless the lexer has said already what is wrong with it. */
  private report(found: Finding, from: number, to: number): void {
    if (!this.isBroken(from, to)) this.findings.push(found);
  }

  private isBroken(from: number, to: number): boolean {
    return this.tokens.slice(from, to).some((token) => this.file.broken.has(token.startOffset));
  }

  private reported(): Finding[] {
    const sorted = this.findings.toSorted((a, b) => a.labels[0].span.start - b.labels[0].span.start);
    if (sorted.length <= this.limits.findings) return sorted;
    const kept = sorted.slice(0, Math.max(this.limits.findings - 1, 0));
    const place = sorted[kept.length]?.labels[0].span ?? this.spanOf(0, 0);
    return [...kept, finding("limit/findings", place, { limit: String(this.limits.findings) })];
  }
}
