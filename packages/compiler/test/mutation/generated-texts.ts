/** Texts that the grammar file writes: a header and some statements, each on lines of its own. */
import { randomFrom } from "@wardline/core/testing";
import type { Random } from "@wardline/core/testing";
import { readGrammar, write } from "../parse/ebnf.ts";
import { tokenTexts } from "../parse/signs.ts";

const grammar = readGrammar();

function statement(random: Random): string {
  const tokens = write(
    grammar,
    (token) => random.pick(tokenTexts[token] ?? [""]),
    (below) => random.below(below),
    "statement",
  );
  return tokens.map((token, index) => (index > 0 && random.chance(0.1) ? `\n  ${token}` : token)).join(" ");
}

/** `count` texts, the same for the same seed. */
export function generatedTexts(seed: number, count: number): readonly string[] {
  const random = randomFrom(seed, "texts");
  return Array.from({ length: count }, () => {
    const statements = Array.from({ length: 6 }, () => statement(random));
    return ["policy north for library", ...statements, ""].join("\n");
  });
}
