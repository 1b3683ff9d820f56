import { WardParser } from "../../src/parse/grammar/parser.ts";
import fc from "fast-check";
import { tokenMatcher } from "chevrotain";
import { describe, expect, test } from "vitest";
import { allTokens, contextualWords, parseFile, reservedWords, tokenize } from "../../src/index.ts";
import { makeLexer } from "../../src/parse/lex.ts";
import { Bad } from "../../src/parse/tokens.ts";
import { derives, readGrammar, wordsOf, write } from "./ebnf.ts";
import { signsOf, tokenTexts as texts } from "./signs.ts";
import { corpus, samples as sampleFolder, textsIn } from "./texts.ts";

const grammar = readGrammar();
const words = wordsOf(grammar);

const accepts = (text: string) => parseFile({ name: "x", text }).findings.length === 0;

describe("the grammar file and the token table say the same", () => {
  test("words", () => {
    const letters = [...words].filter((word) => /^[a-z]+$/.test(word));
    expect(letters.toSorted()).toEqual([...reservedWords, ...contextualWords].toSorted());
  });

  test("reserved and contextual", () => {
    for (const word of reservedWords)
      expect(`${word} ${derives(grammar, signsOf(`model ${word}`))}`).toBe(`${word} false`);
    for (const word of contextualWords)
      expect(`${word} ${derives(grammar, signsOf(`model ${word}`))}`).toBe(`${word} true`);
  });

  test("signs", () => {
    const signs = [...words].filter((word) => !/^[a-z]+$/.test(word));
    const table = allTokens.flatMap(({ PATTERN, LABEL }) =>
      PATTERN !== undefined && /^`[^a-z]+`$/.test(LABEL ?? "") ? [LABEL?.slice(1, -1)] : [],
    );
    expect(new Set(signs)).toEqual(new Set(table));
  });

  const rules = [...grammar].flatMap(([name, node]) => {
    const [first] = node.kind === "all" ? node.of : [];
    return first?.kind === "token" ? [{ name, pattern: first.pattern }] : [];
  });

  test.each(rules)("$name", ({ name, pattern }) => {
    const examples = texts[name] ?? [];
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) {
      expect(example).toMatch(new RegExp(`^(?:${pattern})$`, "u"));
      expect(signsOf(example)).toEqual([{ text: example, token: name }]);
    }
  });
});

/** A text of the grammar, as tokens, from choices that fast-check makes and shrinks. */
const derived = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 60, maxLength: 60 }).map((choices) => {
  let at = 0;
  const pick = (below: number) => {
    at += 1;
    // Past the choices the smallest is taken, so that every text ends.
    return at > choices.length * 4
      ? 0
      : ((choices[at % choices.length] ?? 0) + Math.floor(at / choices.length) * 7) % below;
  };
  return write(grammar, (token) => texts[token]?.[pick(texts[token].length)] ?? "", pick);
});

const shallow = (tokens: readonly string[]) => {
  let depth = 0;
  return tokens.every((token) => {
    depth += "([{".includes(token) || token === "not" ? 1 : ")]}".includes(token) ? -1 : 0;
    return depth <= 12;
  });
};

test("the parser accepts what the grammar writes", () => {
  let longest = 0;
  fc.assert(
    fc.property(derived.filter(shallow), (tokens) => {
      longest = Math.max(longest, tokens.length);
      const text = tokens.join(" ");
      expect(parseFile({ name: "x", text }).findings.map(({ message }) => message)).toEqual([]);
    }),
    { numRuns: 600 },
  );
  expect(longest).toBeGreaterThan(40);
});

/** One change of a text's tokens. */
type Change = {
  readonly kind: "drop" | "twice" | "swap" | "replace";
  readonly at: number;
  readonly by: number;
};
const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("drop", "twice", "swap", "replace"),
  at: fc.nat(),
  by: fc.nat(),
});

const replacements = [...words, ...Object.values(texts).flat()];

function changed(tokens: readonly string[], { kind, at, by }: Change): string[] {
  const index = at % tokens.length;
  const token = tokens[index] ?? "";
  const next = tokens[index + 1] ?? "";
  const put = {
    drop: [],
    twice: [token, token],
    swap: [next, token],
    replace: [replacements[by % replacements.length] ?? ""],
  }[kind];
  return tokens.toSpliced(index, kind === "swap" ? 2 : 1, ...put);
}

test("the parser accepts nothing that the grammar does not write", () => {
  let refused = 0;
  let accepted = 0;
  fc.assert(
    fc.property(
      derived.filter(shallow),
      fc.array(change, { minLength: 1, maxLength: 2 }),
      (tokens, changes) => {
        const text = changes.reduce((before, one) => changed(before, one), [...tokens]).join(" ");
        const expected = derives(grammar, signsOf(text));
        if (expected) accepted += 1;
        else refused += 1;
        expect(`${text}: ${accepts(text)}`).toBe(`${text}: ${expected}`);
      },
    ),
    { numRuns: 1200 },
  );
  expect(refused).toBeGreaterThan(300);
  expect(accepted).toBeGreaterThan(30);
});

test.each([`${corpus}valid/`, ...(sampleFolder === null ? [] : [sampleFolder])])(
  "the grammar derives every text of %s",
  (folder) => {
    for (const { name, text } of textsIn(folder, ".ward"))
      expect(`${name} ${derives(grammar, signsOf(text))}`).toBe(`${name} true`);
  },
);

test("the grammar derives no text of the corpus that the parser refuses", () => {
  for (const { name, text } of textsIn(`${corpus}invalid/`, ".ward")) {
    // Deep nesting, limits and single characters are not the grammar's.
    const { tokens, findings } = tokenize({ name, text });
    if (
      findings.length > 0 ||
      tokens.some((token) => tokenMatcher(token, Bad)) ||
      /^(?:too|text)-/.test(name)
    )
      continue;
    expect(`${name} ${derives(grammar, signsOf(text))}`).toBe(`${name} false`);
  }
});

test("nothing in the grammar is ambiguous within two tokens", () => {
  expect(() => new WardParser(true)).not.toThrow();
});

test("no pattern of a token is out of reach, or empty", () => {
  expect(() => makeLexer(true)).not.toThrow();
});
