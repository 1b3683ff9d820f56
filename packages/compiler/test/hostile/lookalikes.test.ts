/** Texts that look the same and are not: refused wherever one could be taken for the other. */
import { expect, test } from "vitest";
import { parseFile } from "../../src/index.ts";

const head = "policy north for library\n";
const codes = (text: string) => [
  ...new Set(parseFile({ name: "x", text: head + text }).findings.map(({ code }) => code)),
];

/** Every character that Unicode says is not to be seen, of the planes in use. */
const unseen = [...Array(0xe_1000).keys()]
  .filter((point) => point < 0xd800 || point > 0xdfff)
  .map((point) => String.fromCodePoint(point))
  .filter((char) => /\p{Default_Ignorable_Code_Point}/u.test(char));
// Joiners and variation selectors belong to the spelling of some languages and to emoji.
const spelling = /[\u200c\u200d]|\p{Variation_Selector}/u;

test("a character that is not seen is refused in names, strings and comments, but for joiners in prose", () => {
  expect(unseen.length).toBeGreaterThan(4000);
  // Each block of the tag and selector plane is like its first ones.
  for (const char of unseen.filter((_, index) => index < 400 || index % 50 === 0)) {
    expect(codes(`role a${char}b`)).not.toEqual([]);
    expect(codes(`role a${char}`)).not.toEqual([]);
    const prose = spelling.test(char) ? [] : [expect.stringMatching(/bidi-control|invisible-character/)];
    expect(codes(`let a = "x${char}y"`)).toEqual(prose);
    expect(codes(`role a // x${char}y`)).toEqual(prose);
  }
});

const decomposed = [
  "e\u0301",
  "n\u0303o",
  "A\u030a",
  "\u1100\u1161",
  "\u0f71\u0f72\u0f71",
  "\u212b",
  "\u2126",
  "q\u0323\u0307x\u0307\u0323",
];

test.each(decomposed)("%j is written in NFC, or refused with its NFC as the fix", (text) => {
  const composed = text.normalize("NFC");
  for (const wrap of [
    (x: string) => `let a = "${x}"`,
    (x: string) => `role a // ${x}`,
    (x: string) => `/// ${x}\nrole a`,
  ]) {
    const before = head + wrap(text);
    const [found] = parseFile({ name: "x", text: before }).findings;
    expect(found?.code).toBe(composed === text ? undefined : "syntax/not-nfc");
    const after = (found?.fixes[0]?.edits ?? []).reduce(
      (all, { span, text: put }) => all.slice(0, span.start) + put + all.slice(span.end),
      before,
    );
    expect(after).toBe(head + wrap(composed));
    expect(parseFile({ name: "x", text: after }).findings).toEqual([]);
  }
});

const lookalikes = [
  ["re\u0430der", "syntax/mixed-script"],
  ["\u0440\u0435\u0440", "syntax/not-ascii"],
  ["r\u03bfle_a", "syntax/mixed-script"],
  ["a\u0501min", "syntax/mixed-script"],
  ["\uff52eader", "syntax/not-ascii"],
  ["reader\u02bc", "syntax/not-ascii"],
  ["\ud835\udc2a", "syntax/not-ascii"],
  ["na\u00efve", "syntax/not-ascii"],
  ["read\u0435r\u03bf", "syntax/mixed-script"],
] as const;

test.each(lookalikes)("%s is no name", (name, code) => {
  expect(codes(`role ${name}`)).toEqual([code]);
  expect(codes(`let a = resource.${name}`)).toEqual([code]);
  expect(codes(`permit a: ${name} to read Book`)).toEqual([code]);
  expect(codes(`let a = #${name}`)).toEqual([code]);
});

test("a keyword of letters that only look so begins no statement", () => {
  // The first letter is Cyrillic.
  const { ast, findings } = parseFile({
    name: "x",
    text: `${head}\u0440ermit a: anyone to act on anything\nrole b`,
  });
  expect(findings.map(({ code }) => code)).toEqual(["syntax/mixed-script"]);
  expect(ast.statements.map(({ kind }) => kind)).toEqual(["role"]);
});

const signs = [
  "\uff1a",
  "\u2236",
  "\uff0c",
  "\u201a",
  "\u2024",
  "\uff08",
  "\u3010",
  "\u2260",
  "\u2264",
  "\u2212",
  "\u2013",
  "\u037e",
  "\u2044",
];

test.each(signs)("the sign %j is none of the language's", (sign) => {
  for (const text of [`permit a${sign} b to c D`, `let a = b ${sign} c`, `role a${sign} b`])
    expect(codes(text)).not.toEqual([]);
});
