/** What the text of a literal says. Must refuse what looks like a date, a time or an address and is none. */
import type { IToken, TokenType } from "chevrotain";
import type { LiteralKind } from "../ast/expression.ts";
import { badIpv4, badIpv6 } from "./addresses.ts";
import type { BadValue } from "./bad-value.ts";
import {
  DateLiteral,
  Decimal,
  Duration,
  Instant,
  Int,
  Ipv4,
  Ipv6,
  Period,
  Text,
  Time,
  Uuid,
  words,
} from "./tokens.ts";

const kinds = new Map<TokenType, LiteralKind>([
  [Int, "int"],
  [Decimal, "decimal"],
  [Duration, "duration"],
  [Period, "period"],
  [Time, "time"],
  [Text, "string"],
  [Uuid, "uuid"],
  [DateLiteral, "date"],
  [Instant, "instant"],
  [Ipv4, "ipv4"],
  [Ipv6, "ipv6"],
  [words.true, "bool"],
  [words.false, "bool"],
]);

/** The kind of a scalar's token. */
export function literalKind(token: IToken): LiteralKind {
  const kind = kinds.get(token.tokenType);
  if (kind === undefined) throw new Error(`${token.tokenType.name} is no literal`);
  return kind;
}

const escapes: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", n: "\n", t: "\t" };

/** An escape that means something, as a regular expression. */
export const escapePattern = String.raw`\\["\\nt]`;

/** The text that a string literal stands for: without quotes, escapes resolved. */
export function unquote(literal: string): string {
  return literal.slice(1, -1).replaceAll(/\\(.)/gu, (whole, letter: string) => escapes[letter] ?? whole);
}

/** Where a string literal holds an escape without meaning, or null. */
export function badEscape(literal: string): { readonly at: number; readonly text: string } | null {
  for (const match of literal.matchAll(/\\(.)/gsu)) {
    if (escapes[match[1] ?? ""] === undefined) return { at: match.index, text: match[0] };
  }
  return null;
}

/** Why the text of a literal is not what its form says, or null. */
export function badValue(token: IToken): BadValue | null {
  const text = token.image;
  switch (token.tokenType) {
    case Time:
      return badTime(text);
    case DateLiteral:
      return badDate(text);
    case Instant:
      return badDate(text.slice(0, 10)) ?? badTime(text.slice(11, 16)) ?? badSeconds(text);
    case Ipv4:
      return badIpv4(text);
    case Ipv6:
      return badIpv6(text);
    default:
      return null;
  }
}

function badTime(text: string): BadValue | null {
  const [hour, minute] = text.split(":").map(Number);
  if ((hour ?? 24) <= 23 && (minute ?? 60) <= 59) return null;
  if (text === "24:00")
    return { what: "a time of day", why: "a day ends where the next begins", help: "midnight is `00:00`" };
  return { what: "a time of day", why: "hours go from 00 to 23 and minutes from 00 to 59" };
}

/** Why a text in the form `2026-01-31` is no date, or null. */
export function badDate(text: string): BadValue | null {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  const what = "a date";
  if (month < 1 || month > 12) return { what, why: "months go from 01 to 12" };
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day >= 1 && day <= days ? null : { what, why: `that month has ${days} days` };
}

function badSeconds(text: string): BadValue | null {
  const seconds = /^.{16}:(\d\d)/.exec(text)?.[1] ?? "00";
  if (Number(seconds) > 59) return { what: "an instant", why: "seconds go from 00 to 59" };
  const offset = /[+-](\d\d:\d\d)$/.exec(text.slice(16))?.[1];
  return offset === undefined || badTime(offset) === null
    ? null
    : { what: "an instant", why: "its offset is no time" };
}
