/** A slip in one token: the parser says where, leaves everything else as it was, and never does much work over it. */
import { describe, expect, test } from "vitest";
import { parseFile, tenantLimits, tokenize } from "../../src/index.ts";
import { allTexts } from "../texts.ts";
import { parseCounting } from "../work.ts";
import { generatedTexts } from "./generated-texts.ts";
import { mutations, ratesOf, report } from "./rates.ts";
import type { Subject } from "./rates.ts";

const random = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** What the parser may do for each token of a text. */
const workAtMost = 60;
let most = 0;

function examine(text: string): ReturnType<typeof parseCounting> {
  const parsed = parseCounting(text, tenantLimits);
  const tokens = tokenize({ name: "counted", text }).tokens.length;
  most = Math.max(most, parsed.work / (tokens + 1));
  return parsed;
}

const isWhole = (text: string) => parseFile({ name: "x", text }, tenantLimits).findings.length === 0;

// Recovery goes by lines and margins, which the statements of this text share.
const written = allTexts.filter(({ name }) => !name.endsWith("/layout.ward"));
const subjects = (texts: readonly { readonly name: string; readonly text: string }[]): readonly Subject[] =>
  texts
    .filter(({ text }) => tokenize({ name: "x", text }).tokens.length > 0)
    .map((file) => ({ ...file, examine }));

describe.each([1, random])("seed %i (WARDLINE_SEED repeats it)", (seed) => {
  const generated = generatedTexts(seed, 60).map((text, index) => ({ name: `generated ${index}`, text }));

  test.each([
    ["texts of the corpus, the examples and the samples", written.filter(({ text }) => isWhole(text))],
    ["texts that the grammar writes", generated.filter(({ text }) => isWhole(text))],
  ])("%s", (title, texts) => {
    expect(texts.length).toBeGreaterThan(20);
    const judged = mutations(subjects(texts), seed, 200);
    console.log(`WARDLINE_SEED=${seed}: ${title}\n${report(judged)}`);
    const rates = ratesOf(judged);
    expect(rates.mutations).toBeGreaterThanOrEqual(1000);
    expect(rates.found).toBeGreaterThan(500);
    expect(rates.inside).toBeGreaterThanOrEqual(0.98);
    expect(rates.unchanged).toBeGreaterThanOrEqual(0.99);
    expect(rates.kept).toBeGreaterThanOrEqual(0.98);
  });

  test("texts that are damaged already: no throw, and no more work", () => {
    const judged = mutations(subjects(written.filter(({ text }) => !isWhole(text))), seed, 100);
    expect(judged.length).toBeGreaterThan(400);
    console.log(`at most ${most.toFixed(1)} steps for a token`);
    expect(most).toBeLessThan(workAtMost);
  });
});

test("a mutation that does harm elsewhere is seen", () => {
  const text = "policy north for library\nrole a\nrole b\n";
  // A parser that reports everything at the end of the text.
  const late: Subject = {
    name: "late",
    text,
    examine: (changed) => {
      const { ast, findings } = parseFile({ name: "x", text: changed }, tenantLimits);
      const span = { file: "x", start: changed.length, end: changed.length };
      return { ast, findings: findings.map((found) => ({ ...found, labels: [{ span }] as const })) };
    },
  };
  const rates = ratesOf(mutations([late], 1, 50));
  expect(rates.inside).toBeLessThan(0.5);
  expect(rates.unchanged).toBeLessThan(0.9);
});
