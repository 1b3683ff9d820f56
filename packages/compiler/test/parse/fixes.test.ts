import type { TextEdit } from "@wardline/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseFile } from "../../src/index.ts";
import { corpus, textsIn } from "./texts.ts";
import { outline } from "./outline.ts";

function apply(text: string, edits: readonly TextEdit[]): string {
  const last = edits
    .map((edit, index) => ({ ...edit, index }))
    .toSorted((a, b) => b.span.start - a.span.start || b.index - a.index);
  return last.reduce(
    (before, { span, text: put }) => before.slice(0, span.start) + put + before.slice(span.end),
    text,
  );
}

const head = "policy north for library\n";

/** The text with the first fix of its first finding. */
function fixed(text: string): string {
  const [found] = parseFile({ name: "x", text: head + text }).findings;
  return apply(head + text, found?.fixes[0]?.edits ?? []).slice(head.length);
}

test.each([
  ["let a = b and c or d", "let a = (b and c) or d"],
  ["let a = b or c and d and e or f and g", "let a = b or (c and d and e) or (f and g)"],
  ["let a = b and (c or d) or not e", "let a = (b and (c or d)) or not e"],
  ["let a = 1 < b < 3", "let a = (1 < b and b < 3)"],
  ["let a = not b == (c) == d", "let a = not (b == (c) and (c) == d)"],
  ["let a = b in c not in d", "let a = (b in c and c not in d)"],
  ["let a = b && c", "let a = b and c"],
  ["let a = b = c", "let a = b == c"],
  ["pemrit a: b to c D", "permit a: b to c D"],
  ["permit a: b to c D\n  wehn e", "permit a: b to c D\n  when e"],
  ["permit a: b to c D wiht e", "permit a: b to c D with e"],
  ["role a;", "role a"],
  ["let ownBranch = a", "let own_branch = a"],
  ["let a = Own_branch", "let a = OwnBranch"],
  ["entity Book stored in books { a: string }", "entity Book stored in books { a: String }"],
  ["role Reader", "role reader"],
  ["role\u00a0a", "role a"],
  ['let a = "e\u0301"', 'let a = "\u00e9"'],
  ['let a = "\u202e"', 'let a = ""'],
  ["action read read Book", "action read reads Book"],
])("%s → %s", (before, after) => {
  expect(fixed(before)).toBe(after);
});

test("did-you-mean says nothing of words that are not near", () => {
  for (const text of ["hello a: b to c D", "permit a: b to c D hello e", "xx", "be a"]) {
    const [found] = parseFile({ name: "x", text: head + text }).findings;
    expect(found?.help ?? "").not.toMatch(/did you mean/);
  }
});

test("every fix of the corpus takes its finding away", () => {
  let fixes = 0;
  for (const { name, text } of textsIn(`${corpus}invalid/`, ".ward")) {
    const { findings } = parseFile({ name, text });
    for (const found of findings) {
      for (const { edits } of found.fixes) {
        fixes += 1;
        const after = parseFile({ name, text: apply(text, edits) }).findings;
        const same = (one: (typeof after)[number]) =>
          one.code === found.code && one.labels[0].span.start === found.labels[0].span.start;
        expect(`${name} ${found.message} ${after.some(same)}`).toBe(`${name} ${found.message} false`);
      }
    }
  }
  expect(fixes).toBeGreaterThan(20);
});

const operand = fc.constantFrom("a", "resource.b", "(c or d)", "not e", "1 < f", "has resource.g");
const connective = fc.constantFrom("and", "or");

test("the fix of a mixed chain means what the parser reads in it", () => {
  fc.assert(
    fc.property(
      operand,
      fc.array(fc.tuple(connective, operand), { minLength: 2, maxLength: 8 }),
      (first, rest) => {
        const text = `let x = ${first} ${rest.map((part) => part.join(" ")).join(" ")}`;
        const mixed = new Set(rest.map(([word]) => word)).size > 1;
        const before = parseFile({ name: "x", text: head + text });
        expect(before.findings.map(({ code }) => code)).toEqual(mixed ? ["syntax/mixed-and-or"] : []);
        const after = parseFile({ name: "x", text: head + (mixed ? fixed(text) : text) });
        expect(after.findings).toEqual([]);
        expect(outline(after.ast)).toBe(outline(before.ast));
      },
    ),
  );
});
