/** Words that are names in one place and words of the language in another are shown as what the grammar takes them for. */
import { expect, test } from "vitest";
import { classify, contextualWords, reservedWords, tokenize } from "../../src/index.ts";
import { derive } from "../parse/ebnf-derivation.ts";
import { readGrammar } from "../parse/ebnf.ts";
import { signsOf } from "../parse/signs.ts";
import { allTexts } from "../texts.ts";
import type { TextFile } from "../parse/texts.ts";

const grammar = readGrammar();
const words = new Set<string>([...reservedWords, ...contextualWords]);

interface Shown {
  readonly word: string;
  /** Whether it is shown as the grammar takes it. */
  readonly right: boolean;
  readonly line: string;
}

/** The words of the language in a text, and how they are shown. */
function wordsOf({ text }: TextFile): readonly Shown[] {
  const roles = derive(grammar, signsOf(text))?.roles ?? null;
  if (roles === null) return [];
  const file = tokenize({ name: "x", text });
  const classes = new Map(classify(file).map((token) => [token.start, token.class]));
  return file.tokens.flatMap(({ image, startOffset }, index) => {
    if (!words.has(image)) return [];
    const name = classes.get(startOffset) === "name" || classes.get(startOffset) === "annotation";
    const line = text.slice(text.lastIndexOf("\n", startOffset) + 1).split("\n")[0] ?? "";
    return [{ word: image, right: name === (roles[index] === "name"), line }];
  });
}

const texts = allTexts.filter(({ name }) => !name.endsWith("contextual-words.ward"));

test("in ordinary texts", () => {
  const shown = texts.flatMap(wordsOf);
  const wrong = shown.filter(({ right }) => !right);
  console.log(`${shown.length} words, ${wrong.length} not shown as the grammar takes them`);
  for (const { word, line } of wrong) console.log(`  ${word} in ${line.trim()}`);
  expect(shown.length).toBeGreaterThan(1000);
  expect(wrong.length / shown.length).toBeLessThan(0.01);
});

test("in a text whose names are all words of the language", () => {
  const shown = allTexts.filter((file) => !texts.includes(file)).flatMap(wordsOf);
  const right = shown.filter((one) => one.right).length;
  console.log(`${shown.length} words, ${shown.length - right} not shown as the grammar takes them`);
  expect(right / shown.length).toBeGreaterThan(0.8);
});
