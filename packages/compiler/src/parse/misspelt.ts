/** Words of the language that are misspelt where the parser takes them for something else. */
import type { Span } from "@wardline/core";
import type { FindingExtras } from "../diagnostics/table.ts";
import type { Place } from "./report.ts";
import { nearest } from "./suggest.ts";
import { Identifier } from "./tokens.ts";

/** Words that may stand where something else is expected, beside those that a message names. */
export function alsoThere(expected: string): readonly string[] {
  return expected.startsWith("`{` after") ? ["shared", "in", "stored"] : [];
}

/** A mark of a field that was taken for the next field's name, with the edit that makes it one. */
export function misspeltBefore(
  { source, last }: Place,
  expected: string,
): { readonly span: Span; readonly extras: FindingExtras } | null {
  if (last?.tokenType !== Identifier || !expected.startsWith("`:` after the field's name")) return null;
  const word = nearest(last.image, ["searchable", "tenant", "via"]);
  if (word === null) return null;
  const span = { file: source.name, start: last.startOffset, end: last.startOffset + last.image.length };
  const fixes = [{ title: `Write \`${word}\``, edits: [{ span, text: word }] }];
  return { span, extras: { help: `did you mean \`${word}\`?`, fixes } };
}
