import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCst, parseFile, printCst, ruleNames, tenantLimits } from "../../src/index.ts";
import type { CstElement, CstNode } from "../../src/index.ts";
import { theParser } from "../../src/parse/grammar/parser.ts";
import { limitsOf } from "../parse/limits-of.ts";
import { arbitraryTexts } from "../parse/arbitrary-texts.ts";
import { corpus, samples, textsIn } from "../parse/texts.ts";

const valid = textsIn(`${corpus}valid/`, ".ward");
const invalid = textsIn(`${corpus}invalid/`, ".ward");

function nodesOf(root: CstNode): CstNode[] {
  return [root, ...root.children.flatMap((child) => (child.kind === "node" ? nodesOf(child) : []))];
}

const tokensOf = (element: CstElement): number[] =>
  element.kind === "token" ? [element.index] : element.children.flatMap(tokensOf);

/** What holds of the tree of every text: it is the text, and has each token once and in its order. */
function hold(text: string, limits = tenantLimits): void {
  const { cst, ...parsed } = parseCst({ name: "x", text }, limits);
  const { ast, findings } = parsed;
  expect(printCst(cst)).toBe(text);
  expect(cst.children.flatMap(tokensOf)).toEqual(cst.tokens.map((_, index) => index));
  expect(parsed).toEqual(parseFile({ name: "x", text }, limits));
  const statements = cst.children.filter(({ rule }) => rule === "statement");
  expect(
    statements.map((node) => {
      const [first] = tokensOf(node);
      return cst.tokens[first ?? -1]?.token.startOffset;
    }),
  ).toEqual(ast.statements.map(({ span }) => span.start));
  if (findings.length === 0) expect(cst.children.map(({ rule }) => rule)).not.toContain("damaged");
}

test("the kinds of nodes are the rules of the parser", () => {
  expect(Object.keys(theParser().getGAstProductions()).toSorted()).toEqual([...ruleNames].toSorted());
});

test("the corpus has a node of each kind", () => {
  const seen = new Set(
    valid.flatMap(({ name, text }) =>
      parseCst({ name, text }).cst.children.flatMap((child) => nodesOf(child).map(({ rule }) => rule)),
    ),
  );
  expect(ruleNames.filter((rule) => !seen.has(rule))).toEqual([]);
});

test.each([...valid, ...invalid])("the tree of $name is the text", ({ name, text }) => {
  hold(text, limitsOf(name));
});

test.each(arbitraryTexts)("%s has a tree that is the text", (_, arbitrary, numRuns) => {
  fc.assert(
    fc.property(arbitrary, (text) => hold(text)),
    { numRuns },
  );
});

test("a text over the limit is kept unread", () => {
  const text = `policy north for library\n// ${"ß".repeat(40_000)}`;
  const { cst, findings } = parseCst({ name: "x", text }, tenantLimits);
  expect(findings.map(({ code }) => code)).toEqual(["limit/text"]);
  expect(printCst(cst)).toBe(text);
});

test.skipIf(samples === null).each(samples === null ? [] : textsIn(samples, ".ward"))(
  "the sample $name has a node for each statement and part that its lines begin",
  ({ name, text }) => {
    hold(text);
    const { cst } = parseCst({ name, text });
    const found: Record<string, number> = {};
    for (const { rule, children } of cst.children.flatMap(nodesOf)) {
      const [first] = children;
      const word = rule === "rule" && first?.kind === "token" ? first.token.image : rule;
      found[word] = (found[word] ?? 0) + 1;
    }
    const lines = text.split("\n");
    const begun = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
    for (const word of ["permit", "forbid", "ceiling", "floor", "share", "require", "assert", "test"])
      expect(`${word} ${found[word] ?? 0}`).toBe(`${word} ${begun(new RegExp(`^${word} `))}`);
    expect(found["binding"] ?? 0).toBe(begun(/^ {2}let /));
    expect(found["given"] ?? 0).toBe(begun(/^ {2}given /));
    expect(found["expectOne"] ?? 0).toBe(begun(/^ {2}expect (?!list )/));
    expect(found["expectList"] ?? 0).toBe(begun(/^ {2}expect list /));
    expect(text.split(" gives ").length - 1).toBe(found["expectList"] ?? 0);
    expect(found["clause"] ?? 0).toBe(begun(/^ {2}(?:when|unless|with|because|trusting) /));
  },
);

test.runIf(samples === null)("the samples are not beside this repository", () => {
  console.warn("no samples beside the repository: their tests are left out");
});
