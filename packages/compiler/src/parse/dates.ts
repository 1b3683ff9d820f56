/** Dates as people write them, and the one way that the language does. Only explains: none of them is read. */
import { badDate } from "./literals.ts";
import { Version3 } from "./tokens.ts";
import type { Place } from "./report.ts";
import type { Finding, Span } from "@wardline/core";
import { finding } from "../diagnostics/table.ts";

const two = (digits = "") => digits.padStart(2, "0");

/** The date that a text means, in the language's form; null where day and month could be each other. */
function meantBy(text: string): string | null {
  const yearFirst = /^(\d{4})\D(\d{1,2})\D(\d{1,2})(?!\d)/.exec(text);
  if (yearFirst !== null) return `${yearFirst[1]}-${two(yearFirst[2])}-${two(yearFirst[3])}`;
  const [, first = "", second = "", year = ""] = /^(\d{1,2})\D(\d{1,2})\D(\d{4})$/.exec(text) ?? [];
  if (year === "") return null;
  // With points the day stands first; with slashes that depends on the country.
  if (text.includes(".") || Number(first) > 12) return `${year}-${two(second)}-${two(first)}`;
  return Number(second) > 12 ? `${year}-${two(first)}-${two(second)}` : null;
}

/** The finding of a date in another form. */
export function otherDate(text: string, span: Span): Finding {
  const holes = { found: text, what: "a date", why: "it is written in another form" };
  const date = meantBy(text);
  if (date === null || badDate(date) !== null)
    return finding("syntax/bad-value", span, holes, {
      help: "a date is written year first, with two digits for month and day: `2026-01-31`",
    });
  return finding("syntax/bad-value", span, holes, {
    help: `write \`${date}\``,
    fixes: [{ title: `Write \`${date}\``, edits: [{ span, text: date }] }],
  });
}

/** `31.01.2026`, which is a version elsewhere. */
export function dateWithPoints({ source, found }: Place): Finding | null {
  if (found?.tokenType !== Version3 || !/^\d{1,2}\.\d{1,2}\.\d{4}$/.test(found.image)) return null;
  const start = found.startOffset;
  return otherDate(found.image, { file: source.name, start, end: start + found.image.length });
}
