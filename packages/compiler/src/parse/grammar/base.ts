/** What all rules of the grammar share: places, names, and findings on text that parses and is still wrong. */
import { EmbeddedActionsParser, EOF } from "chevrotain";
import type { IToken } from "chevrotain";
import type { Finding, Span } from "@wardline/core";
import type { Name as NameNode } from "../../ast/expression.ts";
import type { Recorder } from "../../cst/recorder.ts";
import type { Tokens } from "../lex.ts";
import { allTokens } from "../tokens.ts";
import { expectedMessages } from "../expected.ts";
import type { RuleName } from "./rule-names.ts";

/** The text of an error: what was expected, in words. */
export const expecting = (what: string) => ({ ERR_MSG: what });

/** What chevrotain calls for a tree builder of its own, and does nothing in where actions build the tree. */
interface TreeHooks {
  cstInvocationStateUpdate: (rule: string) => void;
  cstPostTerminal: (key: string, token: IToken) => void;
  cstFinallyStateUpdate: () => void;
}

export abstract class BaseRules extends EmbeddedActionsParser {
  private file = "";
  private text = "";
  private docs: ReadonlyMap<number, string> = new Map();
  private noted: Finding[] = [];
  private rest: IToken | null = null;
  private recorder: Recorder | null = null;

  /** `validate`: look for what is ambiguous in the grammar. A test does; at every start it would cost too much. */
  constructor(validate: boolean) {
    super(allTokens, {
      maxLookahead: 2,
      recoveryEnabled: false,
      errorMessageProvider: expectedMessages,
      skipValidations: !validate,
    });
    const hooks = this as unknown as TreeHooks;
    hooks.cstInvocationStateUpdate = (rule) => this.recorder?.begin(rule as RuleName);
    hooks.cstPostTerminal = () => this.recorder?.take();
    hooks.cstFinallyStateUpdate = () => this.recorder?.end();
  }

  /** Makes ready to parse a run of a file's tokens. A recorder is told of every rule and token. */
  load(tokens: Tokens, from: number, to: number, recorder: Recorder | null): void {
    this.recorder = recorder;
    this.file = tokens.source.name;
    this.text = tokens.source.text;
    this.docs = tokens.docs;
    this.noted = [];
    this.input = tokens.tokens.slice(from, to);
  }

  /** The first token that the outermost rule did not take, or null if it took all. */
  get leftover(): IToken | null {
    return this.rest;
  }

  /** Keeps what was not taken. It is no error here, and making one of it for each statement takes a tenth of the time. */
  protected onAfterParse(): void {
    const next = this.LA(1);
    this.rest = next.tokenType === EOF ? null : next;
  }

  /** Findings on the text since {@link load} that do not stop the parser. */
  get notes(): readonly Finding[] {
    return this.noted;
  }

  protected note(found: Finding | null): void {
    if (found !== null) this.noted.push(found);
  }

  protected spanOf(token: IToken): Span {
    return { file: this.file, start: token.startOffset, end: token.startOffset + token.image.length };
  }

  /** From a token to the last one that was taken. */
  protected spanFrom(first: IToken): Span {
    return { ...this.spanOf(first), end: this.spanOf(this.LA(0)).end };
  }

  /** The text of a place, for fixes. */
  protected textOf(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  protected nameOf(token: IToken): NameNode {
    return { text: token.image, span: this.spanOf(token) };
  }

  /** The name of a class, without its `#`. */
  protected classOf(token: IToken): NameNode {
    return { text: token.image.slice(1), span: this.spanOf(token) };
  }

  protected docOf(...tokens: readonly IToken[]): string | null {
    const docs = [...new Set(tokens)]
      .map((token) => this.docs.get(token.startOffset))
      .filter((doc) => doc !== undefined);
    return docs.length === 0 ? null : docs.join("\n");
  }
}
