/** What an author most likely meant by what does not parse. Only explains: nothing is accepted that it names. */
import { tokenMatcher } from "chevrotain";
import type { Span } from "@wardline/core";
import type { IToken } from "chevrotain";
import type { Statement } from "../ast/statement.ts";
import type { FindingExtras } from "../diagnostics/table.ts";
import { lowerSnake } from "./name-style.ts";
import type { Place } from "./report.ts";
import { kebab } from "./rule-hints.ts";
import { afterValueHint } from "./value-hints.ts";
import { closers } from "./brackets.ts";
import { Class, Colon, Comma, Dot, DotDot, Equal, Minus, PathRoot, Plus, Type } from "./tokens.ts";
import { clauseWords, isReservedWord } from "./words.ts";

/** Words of other languages, and what they are here. */
const foreign: ReadonlyMap<string, string> = new Map([
  ["allow", "permit"],
  ["grant", "permit"],
  ["deny", "forbid"],
  ["disallow", "forbid"],
  ["reject", "forbid"],
  ["if", "when"],
  ["where", "when"],
  ["all", "anything"],
  ["any", "anything"],
  ["every", "anything"],
  ["everything", "anything"],
  ["everyone", "anyone"],
  ["everybody", "anyone"],
]);

/** The word of the language that a foreign one stands for, if it is one of those that may stand there. */
export function translated(word: string, candidates: readonly string[]): string | null {
  const meant = foreign.get(word);
  return meant !== undefined && candidates.includes(meant) ? meant : null;
}

const ends = new Set([...closers, Colon]);

/** The comma that nothing follows, or null. */
function strayComma({ source, found, last }: Place, expected: string): Span | null {
  if (last === null) return null;
  if (last.tokenType === Comma) {
    // `read, list, Book`: the type was taken for another action.
    if (found?.tokenType === Type && expected.startsWith("a name after `,`") && !isListed(source.text, found))
      return { file: source.name, start: last.startOffset, end: last.startOffset + 1 };
    const goesOn =
      found !== null &&
      !ends.has(found.tokenType) &&
      !(clauseWords as readonly string[]).includes(found.image);
    return goesOn ? null : { file: source.name, start: last.startOffset, end: last.startOffset + 1 };
  }
  if (last.image !== "to" || !expected.startsWith("`to` after who")) return null;
  // `manager, to read`: `to` was taken for the name of a role.
  const before = /,\s*$/.exec(source.text.slice(0, last.startOffset));
  return before === null ? null : { file: source.name, start: before.index, end: before.index + 1 };
}

/** True if a type stands in a list that `to` follows, where a rule says who it is for. */
function isListed(text: string, found: IToken): boolean {
  const end = found.startOffset + found.image.length;
  return /^(?:\s*,\s*\w+)*\s+to\b/.test(text.slice(end, end + 200));
}

/** A place that explains an error better than the one where the parser stopped, with what to do. */
export function commaHint(
  place: Place,
  expected: string,
): { readonly span: Span; readonly extras: FindingExtras } | null {
  const span = strayComma(place, expected);
  if (span === null) return null;
  const help = "leave the comma out";
  return { span, extras: { help, fixes: [{ title: "Leave the comma out", edits: [{ span, text: "" }] }] } };
}

/** Help for what stands where something else was expected inside a statement. */
export function insideHint({ source, found, last }: Place, expected: string): FindingExtras | null {
  if (last?.tokenType === Type && expected.startsWith("an id in quotes after the type"))
    return typeHint(source.text, source.name, last.image, last.startOffset, found?.tokenType === Dot);
  if (found === null) return null;
  const span = { file: source.name, start: found.startOffset, end: found.startOffset + found.image.length };
  if (found.tokenType === Comma && expected.startsWith("`)` after the condition"))
    return { help: "a list is written in square brackets, as in `[a, b]`" };
  if (found.tokenType === Comma && expected.startsWith("another field"))
    return {
      help: "fields stand one after another, without commas",
      fixes: [{ title: "Leave the comma out", edits: [{ span, text: "" }] }],
    };
  if (found.tokenType === Dot && last !== null && expected.startsWith("`,` or `)` after the argument")) {
    const whole = { file: source.name, start: last.startOffset, end: span.end };
    const fixes = [{ title: "Leave it out", edits: [{ span: whole, text: "" }] }];
    return { help: `name the field without \`${last.image}.\``, fixes };
  }
  if (expected.startsWith("a literal, such as") && tokenMatcher(found, PathRoot))
    return {
      help: "only a literal stands in for what is absent; for another attribute guard both with `has`",
    };
  if (expected.startsWith("a name, a class, a value") && found.image === "anyone") return requireHint;
  if (expected.startsWith("a name, a class, a value") && found.tokenType === Type)
    return { help: "write the name of a field, without its type, or a class such as `#private`" };
  return null;
}

const requireHint: FindingExtras = {
  help: "a require says first what it requires, as in `require NAME: reason for WHO to ACTIONS TYPES`",
};

function typeHint(
  text: string,
  file: string,
  type: string,
  start: number,
  dotted: boolean,
): FindingExtras | null {
  const name = dotted ? /^\.([a-z][a-z0-9_]*)/.exec(text.slice(start + type.length))?.[1] : undefined;
  if (name !== undefined)
    return { help: `a value of an enum is \`${name}\`; an attribute of the row is \`resource.${name}\`` };
  const lower = lowerSnake(type);
  if (lower === null || dotted) return null;
  const edits = [{ span: { file, start, end: start + type.length }, text: lower }];
  return {
    help: isReservedWord(lower)
      ? `write \`${lower}\``
      : `an entity is written \`${type} "id"\`, a value of an enum \`${lower}\``,
    fixes: [{ title: `Write \`${lower}\``, edits }],
  };
}

/** Help for what is left over after a statement that could have ended; `condition`: it ends in one. */
export function leftoverHint(place: Place, statement: Statement, condition: boolean): FindingExtras | null {
  const { source, found } = place;
  if (found === null) return null;
  const span = { file: source.name, start: found.startOffset, end: found.startOffset + found.image.length };
  if (statement.kind === "role" && (found.tokenType === Equal || found.tokenType === Colon))
    return { help: "a role is declared `role NAME extends ROLE`, or `role NAME for TYPE`" };
  if (statement.kind === "require" && statement.reach === null && found.image === "to") return requireHint;
  if (closers.has(found.tokenType)) return { help: `leave \`${found.image}\` out, or open it before` };
  if (found.tokenType === Class && !condition) return commentHint;
  if (!condition) return null;
  if (found.tokenType === Equal)
    return {
      help: "equality is written `==`",
      fixes: [{ title: "Write `==`", edits: [{ span, text: "==" }] }],
    };
  if (found.tokenType === Minus && kebab(place) !== null) return null;
  const value = afterValueHint(place);
  if (value !== null) return value.extras;
  if (found.tokenType === Minus || found.tokenType === Plus)
    return { help: "the only arithmetic is `now` plus or minus a duration" };
  if (found.tokenType === DotDot) return { help: "write both bounds, as in `x >= 1 and x <= 5`" };
  if (found.image === "is")
    return {
      help: "equality is written `==`; what may be absent is asked for with `has`, as in `has resource.name`",
    };
  if (/^(?:contains|includes)$/.test(found.image))
    return { help: "ask a set with `.contains(…)`, as in `resource.tags.contains(x)`" };
  return null;
}

/** `#` begins a class, never a comment. */
export const commentHint: FindingExtras = { help: "comments are written `// …`, to the end of the line" };
