/**
 * Refuses characters that make a text read differently from what it says. Names are ASCII; strings and comments
 * hold any visible character in NFC. Must see every string, comment and sign that is not ASCII.
 */
import type { Finding, Fix, SourceFile } from "@wardline/core";
import { finding } from "../diagnostics/table.ts";

const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
// Joiners and variation selectors belong to the spelling of some languages and to emoji.
const invisible =
  /(?!\u200c|\u200d|\p{Variation_Selector})\p{Default_Ignorable_Code_Point}|[\u2028\u2029\ufeff\ufff9-\ufffb]/u;
const control = /(?!\t)\p{Cc}|\p{Cs}/u;

/** The place of a run of text in a file. */
export interface Piece {
  readonly source: SourceFile;
  readonly start: number;
  readonly text: string;
}

const codeOf = (char: string) =>
  `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

const spanOf = ({ source, start, text }: Piece, at = 0, length = text.length) => ({
  file: source.name,
  start: start + at,
  end: start + at + length,
});

function edit(piece: Piece, title: string, at: number, length: number, text: string): Fix {
  return { title, edits: [{ span: spanOf(piece, at, length), text }] };
}

function hidden(piece: Piece): Finding | null {
  const found = bidi.exec(piece.text);
  if (found !== null) {
    const fixes = [edit(piece, "Remove the character", found.index, 1, "")];
    return finding(
      "syntax/bidi-control",
      spanOf(piece, found.index, 1),
      { code: codeOf(found[0]) },
      { fixes },
    );
  }
  const unseen = invisible.exec(piece.text) ?? control.exec(piece.text);
  if (unseen === null) return null;
  const length = unseen[0].length;
  const fixes = [edit(piece, "Remove the character", unseen.index, length, "")];
  return finding(
    "syntax/invisible-character",
    spanOf(piece, unseen.index, length),
    { code: codeOf(unseen[0]) },
    { fixes },
  );
}

/** The finding of a string or a comment, if it has one. */
export function checkProse(piece: Piece): Finding | null {
  const found = hidden(piece);
  if (found !== null) return found;
  const composed = piece.text.normalize("NFC");
  if (composed === piece.text) return null;
  const fixes = [edit(piece, "Write it in NFC", 0, piece.text.length, composed)];
  let before = 0;
  while (piece.text[before] === composed[before]) before += 1;
  let after = 0;
  const shorter = Math.min(piece.text.length, composed.length) - before;
  while (after < shorter && piece.text.at(-1 - after) === composed.at(-1 - after)) after += 1;
  const span = spanOf(piece, before, piece.text.length - before - after);
  return finding("syntax/not-nfc", span, {}, { fixes });
}

const scripts = [
  "Latin",
  "Cyrillic",
  "Greek",
  "Armenian",
  "Hebrew",
  "Arabic",
  "Cherokee",
  "Han",
  "Hiragana",
  "Katakana",
  "Hangul",
] as const;
const scriptPatterns = scripts.map((name) => ({ name, pattern: new RegExp(`\\p{Script=${name}}`, "u") }));

const scriptOf = (char: string) => scriptPatterns.find(({ pattern }) => pattern.test(char))?.name ?? null;

/** The finding of a run of letters and signs that holds a character that is not ASCII. */
export function checkForeign(piece: Piece): Finding {
  const found = hidden(piece);
  if (found !== null) return found;
  const match = /\P{ASCII}/u.exec(piece.text);
  const char = match?.[0] ?? piece.text;
  const span = spanOf(piece, match?.index ?? 0, char.length);
  const script = scriptOf(char);
  const others = new Set([...piece.text].map(scriptOf).filter((name) => name !== null));
  if (script !== null && (others.size > 1 || script === "Latin")) {
    const code = codeOf(char);
    if (script !== "Latin")
      return finding("syntax/mixed-script", span, { word: piece.text, char, code, script });
  }
  const quotes = /["\u00ab\u00bb\u2018-\u201f]/u.test(char)
    ? { help: 'strings are written in straight quotes: "text"' }
    : {};
  return finding("syntax/not-ascii", span, { char, code: codeOf(char) }, quotes);
}

/** The finding of a space that is not a plain one. */
export function checkSpace(piece: Piece): Finding {
  const fixes = [edit(piece, "Write a plain space", 0, piece.text.length, " ")];
  return finding("syntax/bad-space", spanOf(piece), { code: codeOf(piece.text) }, { fixes });
}
