/** Every way through the grammar is taken by a text of the corpus. */
import { expect, test } from "vitest";
import { readGrammar } from "./ebnf.ts";
import { choicesOf, derive } from "./ebnf-derivation.ts";
import type { Choice } from "./ebnf-derivation.ts";
import { signsOf } from "./signs.ts";
import { corpus, textsIn } from "./texts.ts";

const grammar = readGrammar();
const valid = textsIn(`${corpus}valid/`, ".ward");
const all = choicesOf(grammar);

/** The choices that no text takes. */
function untaken(texts: readonly string[]): readonly string[] {
  const taken = new Map<Choice["node"], Set<number>>();
  for (const text of texts)
    for (const choice of derive(grammar, signsOf(text))?.choices ?? []) {
      const ofNode = taken.get(choice.node) ?? new Set<number>();
      taken.set(choice.node, ofNode.add(choice.taken));
    }
  return all.filter((choice) => taken.get(choice.node)?.has(choice.taken) !== true).map(({ text }) => text);
}

test("each branch, each option with and without it, and each repetition of none, one and many", () => {
  expect(untaken(valid.map(({ text }) => text))).toEqual([]);
  console.log(`grammar: ${all.length} choices in ${grammar.size} rules, all taken by ${valid.length} texts`);
});

test("a choice that no text takes is named", () => {
  const missed = untaken(["model a role b, c role d for E"]);
  expect(missed).toContain('role: "platform"');
  expect(missed).toContain('role: "extends" names');
  expect(missed).not.toContain('role: "for" typeNames');
  expect(missed).toContain('names: { "," name } twice or more');
  expect(missed).not.toContain('names: { "," name } once');
});
