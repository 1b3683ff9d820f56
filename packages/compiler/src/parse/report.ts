/** Makes findings of what the parser met. */
import { tokenMatcher } from "chevrotain";
import type { IToken } from "chevrotain";
import type { Finding, SourceFile, Span } from "@wardline/core";
import type { Statement } from "../ast/statement.ts";
import type { FindingExtras } from "../diagnostics/table.ts";
import { finding } from "../diagnostics/table.ts";
import { alternatives, clip } from "./expected.ts";
import { nearest } from "./suggest.ts";
import { AnyWord, Equal, Minus, Plus } from "./tokens.ts";
import { clauseWords, headerWords, isReservedWord, statementWords } from "./words.ts";

export interface Place {
  readonly source: SourceFile;
  /** The token that did not fit; null at the end of a damaged statement. */
  readonly found: IToken | null;
  /** The last token before it, where an error at the end is shown. */
  readonly last: IToken | null;
}

const quote = (token: IToken | null) =>
  token === null ? "the end of the statement" : `\`${clip(token.image)}\``;

function spanOf({ source, found, last }: Place): Span {
  const token = found ?? last;
  if (token === null) return { file: source.name, start: 0, end: 0 };
  return { file: source.name, start: token.startOffset, end: token.startOffset + token.image.length };
}

/** "did you mean", with the edit that makes it so. */
function meant(place: Place, candidates: readonly string[]): FindingExtras {
  const { found } = place;
  if (found === null || !tokenMatcher(found, AnyWord)) return {};
  const word = nearest(found.image, candidates);
  if (word === null) return {};
  return {
    help: `did you mean \`${word}\`?`,
    fixes: [{ title: `Write \`${word}\``, edits: [{ span: spanOf(place), text: word }] }],
  };
}

const wordsIn = (expected: string) => [...expected.matchAll(/`([a-z]+)`/g)].map((match) => match[1] ?? "");

/** Something else was expected at a place inside a statement. */
export function unexpected(place: Place, expected: string): Finding {
  const { found } = place;
  if (found !== null && isReservedWord(found.image) && /^a name\b/.test(expected)) {
    const what = expected.replace(/ after `.*$/s, "");
    return finding("syntax/reserved-word", spanOf(place), { word: found.image, what });
  }
  return finding(
    "syntax/expected",
    spanOf(place),
    { expected, found: quote(found) },
    meant(place, wordsIn(expected)),
  );
}

/** Something is left over after a statement that could have ended. */
export function leftover(place: Place, statement: Statement): Finding {
  const { found } = place;
  const condition = lastCondition(statement);
  const next = [
    ...(condition ? ["`and`", "`or`", "a comparison"] : []),
    ...clausesOf(statement),
    "the next statement",
  ];
  const holes = { expected: alternatives(next), found: quote(found) };
  const span = spanOf(place);
  if (condition && found?.tokenType === Equal) {
    const fixes = [{ title: "Write `==`", edits: [{ span, text: "==" }] }];
    return finding("syntax/expected", span, holes, { help: "equality is written `==`", fixes });
  }
  if (condition && (found?.tokenType === Minus || found?.tokenType === Plus)) {
    return finding("syntax/expected", span, holes, {
      help: "the only arithmetic is `now` plus or minus a duration",
    });
  }
  const candidates = [
    ...(condition ? ["and", "or", "in"] : []),
    ...(clausesOf(statement).length > 0 ? clauseWords : []),
    ...statementWords,
  ];
  return finding("syntax/expected", span, holes, meant(place, candidates));
}

/** A statement was expected and something else stands there. */
export function unknownStatement(place: Place): Finding {
  return finding(
    "syntax/unknown-statement",
    spanOf(place),
    { found: quote(place.found) },
    meant(place, statementWords),
  );
}

/** The header is missing or misspelt. */
export function badHeader(place: Place): Finding {
  return finding(
    "syntax/header",
    spanOf(place),
    { found: place.found === null ? "an empty text" : quote(place.found) },
    meant(place, headerWords),
  );
}

function lastCondition(statement: Statement): boolean {
  if (statement.kind === "let") return true;
  if (!("clauses" in statement)) return false;
  const last = statement.clauses.at(-1);
  return last?.kind === "when" || last?.kind === "unless";
}

function clausesOf(statement: Statement): string[] {
  return "clauses" in statement ? clauseWords.map((word) => `\`${word}\``) : [];
}
