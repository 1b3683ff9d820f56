/** Makes findings of what the parser met. */
import { tokenMatcher } from "chevrotain";
import type { IToken } from "chevrotain";
import type { Finding, Label, SourceFile, Span } from "@wardline/core";
import type { Statement } from "../ast/statement.ts";
import type { FindingExtras } from "../diagnostics/table.ts";
import { finding } from "../diagnostics/table.ts";
import { alternatives, clip } from "./expected.ts";
import { afterConditionHint, conditionHint } from "./condition-hints.ts";
import { dateWithPoints } from "./dates.ts";
import { formHint, leftoverForm } from "./form-hints.ts";
import { ruleHint } from "./rule-hints.ts";
import { closingSign } from "./brackets.ts";
import { commaHint, commentHint, insideHint, leftoverHint, translated } from "./hints.ts";
import { alsoThere, misspeltBefore } from "./misspelt.ts";
import { nearest } from "./suggest.ts";
import { lowerSnake, upperCamel } from "./name-style.ts";
import { AnyWord, Class, Comma, Name, Type } from "./tokens.ts";
import { clauseWords, headerWords, isReservedWord, statementWords } from "./words.ts";

export interface Place {
  readonly source: SourceFile;
  /** The token that did not fit; null at the end of a damaged statement. */
  readonly found: IToken | null;
  /** The last token before it, where an error at the end is shown. */
  readonly last: IToken | null;
  /** The innermost bracket of the statement that is open there. */
  readonly opener: IToken | null;
}

const quote = (token: IToken | null) =>
  token === null ? "the end of the statement" : `\`${clip(token.image)}\``;

function spanOf({ source, found, last }: Place): Span {
  const token = found ?? last;
  if (token === null) return { file: source.name, start: 0, end: 0 };
  return { file: source.name, start: token.startOffset, end: token.startOffset + token.image.length };
}

/** A word on a line of its own begins something; it is not meant as a name. */
function onNewLine({ source, found, last }: Place): boolean {
  return source.text.slice(last?.startOffset ?? 0, found?.startOffset ?? 0).includes("\n");
}

/** "did you mean", with the edit that makes it so. */
function meant(place: Place, candidates: readonly string[]): FindingExtras {
  const { found } = place;
  if (found === null || !tokenMatcher(found, AnyWord)) return {};
  const word = translated(found.image, candidates) ?? nearest(found.image, candidates);
  if (word === null) return {};
  return {
    help: `did you mean \`${word}\`?`,
    fixes: [{ title: `Write \`${word}\``, edits: [{ span: spanOf(place), text: word }] }],
  };
}

const wordsIn = (expected: string) => [...expected.matchAll(/`([a-z]+)`/g)].map((match) => match[1] ?? "");

/** A name where a type stands, or the other way round, with the edit that writes it in the other style. */
function otherStyle(place: Place, expected: string): FindingExtras {
  const { found } = place;
  // A word on a line of its own begins something else.
  if (onNewLine(place)) return {};
  const [text, help] =
    found?.tokenType === Type && /^a name(?!,)\b/.test(expected)
      ? [lowerSnake(found.image), "names are written `lower_snake`"]
      : found !== null && tokenMatcher(found, Name) && /^(?:a type|an entity)\b/.test(expected)
        ? [upperCamel(found.image), "types, entities and enums are written `UpperCamel`"]
        : [null, ""];
  if (text === null) return {};
  return { help, fixes: [{ title: `Write \`${text}\``, edits: [{ span: spanOf(place), text }] }] };
}

/** Something else was expected at a place inside a statement. */
export function unexpected(place: Place, expected: string): Finding {
  const { found } = place;
  if (found !== null && isReservedWord(found.image) && /^a name(?!,)\b/.test(expected) && !onNewLine(place)) {
    const what = expected.replace(/ after `.*$/s, "");
    return finding("syntax/reserved-word", spanOf(place), { word: found.image, what });
  }
  const earlier = commaHint(place, expected) ?? misspeltBefore(place, expected);
  if (earlier !== null)
    return finding(
      "syntax/expected",
      earlier.span,
      { expected, found: quote(place.last?.tokenType === Comma ? place.found : place.last) },
      earlier.extras,
    );
  const date = dateWithPoints(place);
  if (date !== null) return date;
  const hint = ruleHint(place, expected) ?? conditionHint(place, expected);
  const near = hint?.extras ??
    insideHint(place, expected) ?? {
      ...otherStyle(place, expected),
      ...meant(place, [...wordsIn(expected), ...alsoThere(expected)]),
    };
  const extras = near.help === undefined ? { ...near, ...formHint(place, expected)?.extras } : near;
  const holes = { expected, found: quote(found) };
  const related = unclosed(place, expected);
  return finding("syntax/expected", hint?.span ?? spanOf(place), holes, { ...extras, related });
}

/** The bracket that should have been closed, if it is not just before the error. */
function unclosed({ source, opener, last }: Place, expected: string): readonly Label[] {
  if (opener === null || opener === last || !expected.includes(`\`${closingSign(opener)}\``)) return [];
  const span = { file: source.name, start: opener.startOffset, end: opener.startOffset + 1 };
  return [{ span, message: `this \`${opener.image}\` is still open` }];
}

/** Something is left over after a statement that could have ended. */
export function leftover(place: Place, statement: Statement): Finding {
  const { found, last } = place;
  const span = spanOf(place);
  const follows = followersOf(statement);
  const isList =
    found !== null && last !== null && tokenMatcher(found, AnyWord) && tokenMatcher(last, AnyWord);
  const condition = follows.includes("and");
  const labels = [
    ...(isList && !condition ? ["`,`"] : []),
    ...follows.map((word) => `\`${word}\``),
    ...(condition ? ["a comparison"] : []),
    "the next statement",
  ];
  const holes = { expected: alternatives(labels), found: quote(found) };
  const other = leftoverHint(place, statement, condition);
  if (other !== null) return finding("syntax/expected", span, holes, other);
  const near = meant(place, [...follows, ...statementWords]);
  const hint =
    near.help === undefined
      ? ((condition ? afterConditionHint(place) : null) ?? leftoverForm(place, statement))
      : null;
  return finding("syntax/expected", hint?.span ?? span, holes, hint?.extras ?? near);
}

/** Whether a token is most likely a misspelt word that goes on with the statement before it. */
export function isMisspeltPart({ found }: Place, statement: Statement): boolean {
  return (
    found !== null && tokenMatcher(found, AnyWord) && nearest(found.image, followersOf(statement)) !== null
  );
}

/** The words that can go on with a statement that could have ended. */
function followersOf(statement: Statement): readonly string[] {
  if (statement.kind === "let") return ["and", "or", "in"];
  if (statement.kind === "role" && statement.modifier === null) return ["platform", "extends", "for"];
  if (!("clauses" in statement)) return [];
  const last = statement.clauses.at(-1);
  if (last?.kind === "when" || last?.kind === "unless") return ["and", "or", "in", ...clauseWords];
  if (statement.kind === "assert") return [...clauseWords, "except"];
  if (last !== undefined) return clauseWords;
  return statement.reach === null ? ["for", ...clauseWords] : clauseWords;
}

/** A statement was expected and something else stands there. */
export function unknownStatement(place: Place): Finding {
  return finding(
    "syntax/unknown-statement",
    spanOf(place),
    { found: quote(place.found) },
    place.found?.tokenType === Class ? commentHint : meant(place, statementWords),
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
