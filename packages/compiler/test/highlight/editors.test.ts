/** The editors' grammars show at every token what the lexer makes of it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allTokens, contextualWords, reservedWords } from "../../src/index.ts";
import { tokenClasses } from "../../src/index.ts";
import { classOfType } from "../../src/highlight/token-class.ts";
import { allTexts } from "../texts.ts";
import { classesShown, difference, shownByLexer } from "./shown.ts";
import { shownByMonarch } from "./monarch.ts";
import { shownByTextMate } from "./textmate.ts";

const editors = [
  { editor: "TextMate", shownBy: shownByTextMate },
  { editor: "Monarch", shownBy: shownByMonarch },
];
// Editors take a byte order mark away, and read line by line: a comment of another language over lines is none to them.
const texts = allTexts
  .map(({ name, text }) => ({ name, text: text.replace(/^\ufeff/, "") }))
  .filter(({ text }) => !/\/\*[^*]*\n[^/]*\*\//.test(text));

test("every kind of token that a text can hold has a class", () => {
  const abstract = ["AnyWord", "Name", "Scalar", "Comparison", "PathRoot", "Bad", "Space"];
  const without = allTokens.filter((type) => classOfType(type) === null).map(({ name }) => name);
  expect(without.toSorted()).toEqual(abstract.toSorted());
});

test("the texts hold tokens of every class", () => {
  const shown = classesShown(texts.map(({ text }) => shownByLexer(text)));
  console.log(`${texts.length} texts:`, [...shown].map(([name, count]) => `${count} ${name}`).join(", "));
  for (const name of tokenClasses) expect(`${name} ${(shown.get(name) ?? 0) > 4}`).toBe(`${name} true`);
});

describe.each(editors)("$editor", ({ shownBy }) => {
  test.each(texts)("$name", ({ text }) => {
    expect(difference(text, shownByLexer(text), shownBy(text))).toBeNull();
  });

  const signs = [
    ..."@.?=<>!{}[](),:-+/*&|;'\"#_$%~^",
    "..",
    "??",
    "==",
    "!=",
    "<=",
    ">=",
    "::",
    "//",
    "///",
    "===",
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
    '"a"',
    '"\\n\\q"',
    "#private",
    "::1",
  ];
  const names = [
    "Book",
    "own",
    "ownX",
    "B_x",
    "größe",
    "日本",
    "1x",
    "10.0.0.0/8",
    "2026-01-05T12:00Z",
    "'a'",
    "\u00a0",
  ];
  const piece = fc.constantFrom<string>(
    ...reservedWords,
    ...contextualWords,
    ...signs,
    ...literals,
    ...names,
  );
  const between = fc.constantFrom("", " ", " ", "  ", "\t", "\n", "\r\n");
  const soup = fc.array(fc.tuple(piece, between), { maxLength: 60 }).map((parts) => parts.flat().join(""));

  test("any tokens in any order", () => {
    fc.assert(
      fc.property(
        soup.filter((text) => !text.includes("/*")),
        (text) => {
          expect(difference(text, shownByLexer(text), shownBy(text))).toBeNull();
        },
      ),
      { numRuns: 1000 },
    );
  });
});

test("a difference is told", () => {
  const text = "policy north for library\nrole a";
  const shown = shownByLexer(text);
  expect(difference(text, shown, shown)).toBeNull();
  const other = shown.map((name, at) => (at > 24 && name === "keyword" ? "name" : name));
  expect(difference(text, shown, other)).toBe("⟪role a⟫ is name, should be keyword");
});
