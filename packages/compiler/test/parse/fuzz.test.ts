import fc from "fast-check";
import { expect, test } from "vitest";
import { parseFile, tenantLimits, tokenize } from "../../src/index.ts";
import type { ParsedFile } from "../../src/index.ts";
import { parseCounting } from "../work.ts";
import { arbitraryTexts } from "./arbitrary-texts.ts";

/** What holds of every text. */
function hold(text: string, { ast, findings }: ParsedFile): void {
  expect(findings.length).toBeLessThanOrEqual(100);
  let last = 0;
  for (const found of findings) {
    const { start, end } = found.labels[0].span;
    expect(start).toBeGreaterThanOrEqual(last);
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(text.length);
    expect(found.message).not.toMatch(/undefined|\{\w*\}|Kw_|word_/);
    for (const { edits } of found.fixes)
      for (const { span } of edits) expect(span.end).toBeLessThanOrEqual(text.length);
    last = start;
  }
  let end = ast.header?.span.end ?? 0;
  for (const { span } of ast.statements) {
    expect(span.start).toBeGreaterThanOrEqual(end);
    expect(span.end).toBeGreaterThan(span.start);
    end = span.end;
  }
  if (findings.length > 0) return;
  // Nothing is swallowed: without findings every token is part of the header or of one statement.
  const spans = [
    ...(ast.header === null ? [] : [ast.header.span]),
    ...ast.statements.map(({ span }) => span),
  ];
  for (const { startOffset, image } of tokenize({ name: "x", text }).tokens) {
    expect(spans.some((span) => span.start <= startOffset && startOffset + image.length <= span.end)).toBe(
      true,
    );
  }
}

test.each(arbitraryTexts)("%s is parsed without a throw", (_, arbitrary, numRuns) => {
  fc.assert(
    fc.property(arbitrary, (text) => {
      hold(text, parseFile({ name: "x", text }, tenantLimits));
    }),
    { numRuns },
  );
});

const head = "policy north for library\n";
const fill = (unit: string) =>
  head + unit.repeat(Math.floor((tenantLimits.bytes - head.length) / unit.length));

const nasty = [
  "(",
  "[",
  "{",
  "not ",
  "let a = (",
  "let a = not ",
  "role a ",
  "role a\n",
  "permit\n",
  "permit ",
  "@",
  "@a ",
  "@a\n",
  "a ",
  "a\n",
  ".",
  '"',
  '"\n',
  "$",
  "\u202e",
  "0",
  "1.",
  ":",
  "a:",
  "1:",
  "and ",
  "a and ",
  'test "" {\nlet a=b\n}\n',
  "settings {\n",
  "// \u0301\n",
  "e\u0301",
  "#",
  "\\",
  "a,",
];

test.each([...nasty, ...nasty.map((unit) => `permit a: b to c D when ${unit}`)])(
  "%j, repeated to the limit, is parsed in work that grows with the text",
  (unit) => {
    const text = fill(unit);
    const { findings, work } = parseCounting(text, tenantLimits);
    expect(findings.length).toBeLessThanOrEqual(100);
    expect(work).toBeLessThan(40 * text.length);
  },
);

test.each(["a", "a and b", "a.b", "[a]", "f(a)"])("a long chain of %j is parsed to its end", (operand) => {
  const unit = ` and ${operand}`.replace("a and b", "(a or b)");
  const chain = `let x = y${unit.repeat(Math.floor((tenantLimits.bytes - 200) / unit.length))}`;
  const { ast, findings } = parseFile({ name: "x", text: head + chain }, tenantLimits);
  expect(findings).toEqual([]);
  expect(ast.statements[0]?.span.end).toBe(head.length + chain.length);
});

test("the limit on text counts bytes and refuses with the figure", () => {
  const text = `${head}// ${"ß".repeat(40_000)}`;
  const { ast, findings } = parseFile({ name: "x", text }, tenantLimits);
  expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
    `limit/text the text has ${new TextEncoder().encode(text).length} bytes, the limit is 65536`,
  ]);
  expect(ast.statements).toEqual([]);
  expect(parseFile({ name: "x", text }).findings).toEqual([]);
});
