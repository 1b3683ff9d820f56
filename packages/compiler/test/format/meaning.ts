/** What formatting must keep of a text, found without the formatter: its AST, tokens and comments. */
import type { TextEdit } from "@wardline/core";
import { clauseWords, parseCst, parseFile, tokenize } from "../../src/index.ts";
import type { Clause, CstElement } from "../../src/index.ts";

const places = new Set(["span", "opSpan", "rootSpan", "titleSpan", "versionSpan"]);
const kindOrder = (clause: Clause) => clauseWords.indexOf(clause.kind);

/** The AST of a text as JSON, without places, the clauses of each statement in one order. */
export function astOf(text: string): string {
  const { ast, findings } = parseFile({ name: "x", text });
  if (findings.length > 0) throw new Error(findings.map(({ message }) => message).join("\n"));
  return JSON.stringify(
    ast,
    (key, value: unknown) => {
      if (places.has(key)) return undefined;
      return key === "clauses" ? (value as Clause[]).toSorted((a, b) => kindOrder(a) - kindOrder(b)) : value;
    },
    1,
  );
}

function tokensIn(element: CstElement): string[] {
  if (element.kind === "token") return [element.token.image];
  const parts = element.children.map(tokensIn);
  if (element.rule !== "clauses") return parts.flat();
  const order = (part: readonly string[]) => clauseWords.findIndex((word) => word === part[0]);
  return parts.toSorted((a, b) => order(a) - order(b)).flat();
}

/** The tokens of a text, the clauses of each statement in one order. */
export const sortedTokens = (text: string): string[] =>
  parseCst({ name: "x", text }).cst.children.flatMap(tokensIn);

export const tokensOf = (text: string): string[] =>
  tokenize({ name: "x", text }).tokens.map(({ image }) => image);

/** The comments of a text in order, without white space at their ends. */
export const commentsOf = (text: string): string[] =>
  tokenize({ name: "x", text }).comments.map(({ image }) => image.replace(/[ \t]+$/, ""));

/** Each comment with the number of the statement that it is about: the one on its line, around it, or after it. */
export function concernsOf(text: string): string[] {
  const { ast, comments } = parseFile({ name: "x", text });
  const spans = ast.statements.map(({ span }) => span);
  return comments
    .map((comment) => {
      const { start, end } = comment.span;
      const lineStart = text.lastIndexOf("\n", start - 1) + 1;
      const before = text.slice(lineStart, start).trimEnd();
      const last = lineStart + before.length - 1;
      const at = spans.findIndex((span) =>
        before === "" ? span.end > end : span.start <= last && last < span.end,
      );
      return `${at} ${comment.text.replace(/[ \t]+$/, "")}`;
    })
    .toSorted();
}

/** A text after edits that are in order and apart. */
export function applyInOrder(text: string, edits: readonly TextEdit[]): string {
  let at = 0;
  const out: string[] = [];
  for (const { span, text: put } of edits) {
    if (span.start < at || span.end < span.start) throw new Error("edits overlap or are out of order");
    if (text.slice(span.start, span.end) === put) throw new Error("an edit changes nothing");
    out.push(text.slice(at, span.start), put);
    at = span.end;
  }
  return out.join("") + text.slice(at);
}
