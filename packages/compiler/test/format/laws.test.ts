/** What holds of the formatter for any text that parses. */
import { generateCase, randomFrom } from "@wardline/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatText, parseFile } from "../../src/index.ts";
import { corpus, textsIn } from "../parse/texts.ts";
import { applyInOrder, astOf, commentsOf, concernsOf, sortedTokens, tokensOf } from "./meaning.ts";
import { scatter } from "./scatter.ts";

const seed = Number(process.env["WARDLINE_SEED"] ?? 20_260_105);
const corpusTexts = [
  ...textsIn(`${corpus}valid/`, ".ward"),
  ...textsIn(`${corpus}../format/before/`, ".ward"),
].map(({ text }) => text);

function formatted(text: string): string {
  const result = formatText({ name: "x", text });
  if ("findings" in result) throw new Error(result.findings.map(({ message }) => message).join("\n"));
  expect(applyInOrder(text, result.edits)).toBe(result.text);
  if (result.text === text) expect(result.edits).toEqual([]);
  return result.text;
}

function hold(text: string): void {
  const after = formatted(text);
  expect(formatted(after)).toBe(after);
  expect(astOf(after)).toBe(astOf(text));
  expect(tokensOf(after)).toEqual(sortedTokens(text));
  const comments = commentsOf(after);
  expect(comments.toSorted()).toEqual(commentsOf(text).toSorted());
  expect(concernsOf(after)).toEqual(concernsOf(text));
  const isSorted = tokensOf(text).join(" ") === sortedTokens(text).join(" ");
  if (isSorted) expect(comments).toEqual(commentsOf(text));
  expect(after).toMatch(/^[^\n].*[^\n]\n$/s);
  expect(after).not.toMatch(/\r|\n\n\n|[ \t]\n|\n\t|\{\n\n|\n\n *\}/);
}

/** Runs a property over seeds. Prints the seed, so that a run that fails can be repeated. */
function holds(textOf: (seed: number) => string, numRuns: number): void {
  let skipped = 0;
  const parameters = { numRuns, seed };
  console.info(`seed ${seed}, ${numRuns} runs`);
  fc.assert(
    fc.property(fc.nat({ max: 1_000_000 }), (nat) => {
      const text = textOf(nat);
      if (parseFile({ name: "x", text }).findings.length > 0) skipped += 1;
      else hold(text);
    }),
    parameters,
  );
  expect(skipped).toBe(0);
}

function generated(nat: number): string {
  const { model, platform, policy } = generateCase(Math.floor(nat / 3));
  return ([model, platform, policy][nat % 3] ?? model).text;
}

test("the lines of generated texts fit, beside long strings", () => {
  let wide = 0;
  for (let nat = 0; nat < 600; nat += 1) {
    for (const line of formatted(scatter(generated(nat), randomFrom(nat, "lines"), 0.1)).split("\n")) {
      const code = line.replace(/ *\/\/.*$/, "");
      if (code.length <= 110) continue;
      wide += 1;
      expect(code).toMatch(/^ *"[a-z]{80,}",?$/);
    }
  }
  expect(wide).toBeGreaterThan(0);
});

const ofCorpus = (nat: number) => corpusTexts[nat % corpusTexts.length] ?? "";

test.each(corpusTexts.map((text) => [text]))("texts of the corpus as they are", (text) => {
  hold(text);
});

test("generated texts as they are", () => {
  holds(generated, 300);
});

test.each([0.05, 0.3, 1])("generated texts, laid out anew at %d of their gaps", (density) => {
  holds((nat) => scatter(generated(nat), randomFrom(nat, "scatter"), density), 400);
});

test.each([0.05, 0.3, 1])("texts of the corpus, laid out anew at %d of their gaps", (density) => {
  holds((nat) => scatter(ofCorpus(nat), randomFrom(nat, "scatter"), density), 500);
});
