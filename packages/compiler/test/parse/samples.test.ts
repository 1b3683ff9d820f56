import { expect, test } from "vitest";
import { parseFile, tenantLimits, tokenize } from "../../src/index.ts";
import { samples, textsIn } from "./texts.ts";

const files = samples === null ? [] : textsIn(samples, ".ward");

/** How often each word stands where a statement or a part of one begins, counted without the parser. */
function wordsFirst(text: string, words: readonly string[]): Record<string, number> {
  const lines = text.split("\n").map((line) => line.trim().split(/[\s{]/)[0] ?? "");
  return Object.fromEntries(words.map((word) => [word, lines.filter((first) => first === word).length]));
}

test.skipIf(samples === null).each(files)("the sample $name parses whole", ({ name, text }) => {
  const { ast, findings } = parseFile({ name, text }, tenantLimits);
  expect(findings).toEqual([]);
  expect(ast.header).not.toBeNull();
  // Every token is part of the header or of exactly one statement.
  const spans = [ast.header?.span ?? { start: 0, end: 0 }, ...ast.statements.map(({ span }) => span)];
  for (const { startOffset, image } of tokenize({ name, text }).tokens) {
    expect(
      spans.filter(({ start, end }) => start <= startOffset && startOffset + image.length <= end),
    ).toHaveLength(1);
  }
});

test.skipIf(samples === null).each(files)(
  "the sample $name has every statement that its lines begin",
  ({ name, text }) => {
    const { ast } = parseFile({ name, text });
    const found: Record<string, number> = {};
    const count = (word: string) => (found[word] = (found[word] ?? 0) + 1);
    for (const statement of ast.statements) {
      if (statement.kind === "facts") count(statement.of);
      else count(statement.kind);
      if (statement.kind === "test") for (const { kind } of statement.parts) count(kind);
    }
    const words = Object.keys(found);
    const all = [
      ...words,
      "permit",
      "forbid",
      "require",
      "share",
      "ceiling",
      "floor",
      "assert",
      "test",
      "expect",
      "given",
      "let",
    ];
    const expected = wordsFirst(text, all);
    for (const word of all) expect(`${word} ${found[word] ?? 0}`).toBe(`${word} ${expected[word]}`);
  },
);

test.runIf(samples === null)("the samples are not beside this repository", () => {
  console.warn("no samples beside the repository: their tests are left out");
});
