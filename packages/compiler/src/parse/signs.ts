/** What signs of other languages are written as here. Only explains: each of them has its finding already. */
import type { IToken } from "chevrotain";
import type { Span, TextEdit } from "@wardline/core";
import { Comma, Int } from "./tokens.ts";

/** What to do about a sign, and the text that it is replaced by; null where there is no plain one. */
export interface SignHint {
  readonly help: string;
  readonly text: string | null;
}

const signs: Readonly<Record<string, SignHint>> = {
  "&&": { help: "write `and`", text: "and" },
  "||": { help: "write `or`", text: "or" },
  "!": { help: "write `not`", text: "not " },
  ";": { help: "statements need no terminator", text: "" },
  "'": { help: 'strings are written in straight double quotes: "text"', text: null },
  "/*": { help: "comments are written `// …`, to the end of the line", text: null },
  "#": { help: "comments are written `// …`, to the end of the line", text: "//" },
  "--": { help: "comments are written `// …`, to the end of the line", text: "//" },
  "===": { help: "equality is written `==`", text: "==" },
  "!==": { help: "write `!=`", text: "!=" },
  "<>": { help: "write `!=`", text: "!=" },
  "=>": { help: "write `>=`", text: ">=" },
  "=<": { help: "write `<=`", text: "<=" },
  "%": { help: "a number is written alone, such as `0.10`", text: null },
  "\r": { help: "lines end in a line feed", text: "\n" },
};

/** The hint for a sign without meaning, by what stands before it. */
export function hintOf(tokens: readonly IToken[], index: number): SignHint | undefined {
  const sign = tokens[index]?.image ?? "";
  if (sign === "*") return starHint(tokens, index);
  if (sign === "/") return slashHint(tokens, index);
  if (/^[$¢£¥€₹]$/.test(sign)) return { help: "an amount is a number alone, such as `12.50`", text: "" };
  if (/^'.*'$/.test(sign)) return { help: "strings are written in double quotes", text: requoted(sign) };
  if (sign.startsWith("/*")) return signs["/*"];
  return signs[sign];
}

function requoted(sign: string): string | null {
  const inner = sign.slice(1, -1);
  return /["\\]/.test(inner) ? null : `"${inner}"`;
}

/** How many tokens before a sign tell what it was meant for: as many signs as a text has may ask. */
const lookBack = 50;

/** `to *` and `read *` of a rule; elsewhere a product. */
function starHint(tokens: readonly IToken[], index: number): SignHint {
  const before = tokens[index - 1]?.image;
  if (before === "to") return { help: "for all actions write `act on`", text: "act on" };
  const opener = tokens
    .slice(Math.max(0, index - lookBack), index)
    .findLast(({ image }) => image === "to" || image === "when" || image === "unless" || image === "=");
  return opener?.image === "to"
    ? { help: "for all types write `anything`", text: "anything" }
    : { help: "there is no arithmetic between attributes", text: null };
}

/** `by guide/factor` of a test, `except guide/factor` of an assert; elsewhere a quotient. */
function slashHint(tokens: readonly IToken[], index: number): SignHint {
  const opener = tokens
    .slice(Math.max(0, index - lookBack), index)
    .findLast(({ image }) => /^(?:by|except|with|when|unless|to|=|over|gives)$/.test(image));
  return opener?.image === "by" || opener?.image === "except"
    ? { help: "a rule is named alone, without its pack or tenant", text: null }
    : { help: "there is no arithmetic between attributes", text: null };
}

/** Why a run of digits and letters is no number, and what replaces it. */
export function numberHint(
  tokens: readonly IToken[],
  index: number,
  file: string,
): { readonly help: string; readonly edits: readonly TextEdit[] } | null {
  const token = tokens[index];
  const [digits, comma] = [tokens[index - 2], tokens[index - 1]];
  if (token === undefined) return null;
  const isAfterComma =
    comma?.tokenType === Comma &&
    digits?.tokenType === Int &&
    digits.startOffset + digits.image.length === comma.startOffset &&
    comma.startOffset + 1 === token.startOffset;
  if (isAfterComma && /^\d{3}(?:\.\d+)?$/.test(token.image)) {
    const span: Span = { file, start: comma.startOffset, end: token.startOffset };
    return {
      help: `digits are grouped with \`_\`: \`${digits.image}_${token.image}\``,
      edits: [{ span, text: "_" }],
    };
  }
  if (isAfterComma && /^0\d*$/.test(token.image)) {
    const span: Span = { file, start: comma.startOffset, end: token.startOffset };
    return {
      help: `a decimal point is written \`.\`: \`${digits.image}.${token.image}\``,
      edits: [{ span, text: "." }],
    };
  }
  if (/^[1-9][\d_]*k$/i.test(token.image))
    return { help: `write the number out: \`${token.image.slice(0, -1)}_000\``, edits: [] };
  const help = forms.find(({ pattern }) => pattern.test(token.image))?.help;
  return help === undefined ? null : { help, edits: [] };
}

/** How what was most likely meant is written. */
const forms: readonly { readonly pattern: RegExp; readonly help: string }[] = [
  {
    pattern: /^\d{4}-\d{1,2}-\d{1,2}[A-Za-z]/,
    help: "an instant is written `2026-01-05T12:00Z` or `2026-01-05T12:00:30+02:00`",
  },
  { pattern: /^\d{4}-\d/, help: "a date is written `2026-01-05`" },
  { pattern: /^\d{1,2}:/, help: "a time of day is written `09:00`, in hours and minutes" },
  { pattern: /\//, help: "an address has four parts, as in `10.0.0.0/8`" },
  {
    pattern: /^[1-9][\d_]*[A-Za-z]/,
    help: "a duration is a whole number and one of `us`, `ms`, `s`, `m`, `h`, `d`, `w`, as in `15m`",
  },
];
