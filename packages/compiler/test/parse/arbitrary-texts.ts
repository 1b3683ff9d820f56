/** Texts of any kind for the parser: nonsense of tokens, bytes and characters, and texts of the corpus with damage. */
import fc from "fast-check";
import { contextualWords, reservedWords } from "../../src/index.ts";
import { corpus, textsIn } from "./texts.ts";

const texts = [...textsIn(`${corpus}valid/`, ".ward"), ...textsIn(`${corpus}invalid/`, ".ward")].map(
  ({ text }) => text,
);
const signs = [
  "@",
  "..",
  ".",
  "??",
  "?",
  "==",
  "!=",
  "<=",
  "<",
  "=",
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  ",",
  ":",
  "-",
  "+",
  "&&",
  ";",
  '"',
  "//",
  "///",
  "\\",
];
const literals = [
  "0",
  "007",
  "1_000",
  "1.5",
  "1.2.3",
  "15m",
  "6y",
  "22:00",
  "99:99",
  '"a"',
  "#private",
  "10.0.0.0/8",
  "::1",
  "2026-01-05",
  "Book",
  "own",
  "ownX",
];
const piece = fc.constantFrom<string>(...reservedWords, ...contextualWords, ...signs, ...literals);
const between = fc.constantFrom("", " ", "\n", "\n  ", "\r\n", "\r", "\t");
const soup = fc.array(fc.tuple(piece, between), { maxLength: 120 }).map((parts) => parts.flat().join(""));
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => new TextDecoder().decode(array));
const anyText = fc.string({ unit: "binary", maxLength: 200 });
const units = fc
  .array(fc.nat({ max: 0xffff }), { maxLength: 100 })
  .map((codes) => String.fromCharCode(...codes));
const mangled = fc
  .tuple(fc.constantFrom(...texts), fc.nat(), fc.nat({ max: 40 }), soup)
  .map(([text, at, length, put]) => {
    const start = text.length === 0 ? 0 : at % text.length;
    return text.slice(0, start) + put + text.slice(start + length);
  });

/** Each with its name and how many of it a test wants. */
export const arbitraryTexts: readonly (readonly [string, fc.Arbitrary<string>, number])[] = [
  ["token soup", soup, 600],
  ["a policy of token soup", soup.map((text) => `policy north for library\n${text}`), 600],
  ["bytes", bytes, 300],
  ["any text", anyText, 300],
  ["code units, lone surrogates among them", units, 300],
  ["mangled texts", mangled, 600],
];
