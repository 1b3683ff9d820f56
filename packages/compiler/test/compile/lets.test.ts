/** A let with parameters means what its words mean with the arguments in their places. */
import { describe, expect, test } from "vitest";
import type { Finding } from "@wardline/core";
import { compileLibrary, fixed, underlined } from "../check/library.ts";
import { processorTime } from "@wardline/core/testing";

const rules = (condition: string) => `permit a: librarian to read, update Book when ${condition}\n`;

function programOf(policy: string) {
  const { program, findings } = compileLibrary({ policy });
  expect(findings).toEqual([]);
  if (program === null) return expect.fail("no program");
  return { ...program, rules: program.rules.map((rule) => ({ ...rule, line: 0 })) };
}

test.each([
  ["let same(x, y) = x == y\n", 'same(resource.title, "Emma")', 'resource.title == "Emma"'],
  ["let of_genre(g) = resource.genre == g\n", "of_genre(law)", "resource.genre == law"],
  ["let at(b) = principal in b\n", "at(resource.branch)", "principal in resource.branch"],
  [
    "let keeps(who) = has resource.keeper and resource.keeper == who\n",
    "keeps(principal)",
    "has resource.keeper and resource.keeper == principal",
  ],
  ["let there(x) = has x\n", "there(resource.note)", "has resource.note"],
  [
    'let noted(x) = has x and x == "a"\n',
    "noted(resource.note)",
    'has resource.note and resource.note == "a"',
  ],
  ['let or_none(x) = x ?? "" == "a"\n', "or_none(resource.note)", 'resource.note ?? "" == "a"'],
  ["let lost(x) = x.lost\n", "lost(resource)", "resource.lost"],
  ["let tagged(x, t) = x.tags.contains(t)\n", 'tagged(resource, "rare")', 'resource.tags.contains("rare")'],
  ["let holds(r) = principal.roles.contains(r)\n", "holds(cashier)", "principal.roles.contains(cashier)"],
  ["let watched(by) = guards(by, resource)\n", "watched(principal)", "guards(principal, resource)"],
  [
    'let one_of(x, a, b) = x in [a, b, "c"]\n',
    'one_of(resource.title, "a", "b")',
    'resource.title in ["a", "b", "c"]',
  ],
  ["let both(a, b) = a and b\n", "both(resource.lost, context.mfa)", "resource.lost and context.mfa"],
  [
    "let neither(a, b) = not (a or b)\n",
    "neither(resource.lost or resource.pages > 5, context.mfa)",
    "not (resource.lost or resource.pages > 5 or context.mfa)",
  ],
  ['let f(x) = g(x, "b")\nlet g(x, y) = x == y\n', "f(resource.title)", 'resource.title == "b"'],
  ["let f(x) = g(not x)\nlet g(x) = not x\n", "f(resource.lost)", "resource.lost"],
  [
    'let swap(x, y) = g(y, x)\nlet g(x, y) = x == "a" and y == "b"\n',
    'swap(resource.title, resource.note ?? "")',
    'resource.note ?? "" == "a" and resource.title == "b"',
  ],
])("%s%s", (lets, use, plain) => {
  expect(programOf(`${lets}${rules(use)}`)).toEqual(programOf(rules(plain)));
});

test("each use is one of its own", () => {
  const policy = "let same(x, y) = x == y\n";
  expect(programOf(`${policy}${rules('same(resource.title, "a") or same(resource.genre, law)')}`)).toEqual(
    programOf(rules('resource.title == "a" or resource.genre == law')),
  );
});

test("what a guard shows to be there is there in a let, and the other way round", () => {
  const [noted, there] = ['let noted(x) = x == "a"\n', "let there(x) = has x\n"];
  expect(programOf(`${noted}${rules("has resource.note and noted(resource.note)")}`)).toBeTruthy();
  expect(programOf(`${noted}${there}${rules("there(resource.note) and noted(resource.note)")}`)).toBeTruthy();
});

test("what is needless in one use is no advice about a let that needs it in another", () => {
  const lets = "let same(x, y) = has x and x == y\nlet more(x, y) = x ?? 1 > y\n";
  expect(programOf(`${lets}${rules('same(resource.title, "a") and more(resource.pages, 1)')}`)).toBeTruthy();
  const { findings } = compileLibrary({
    policy: `let both(a, b) = a and b\n${rules("both(has resource.title, context.mfa)")}`,
  });
  expect(findings.map((finding) => finding.code)).toEqual(["lint/redundant-has"]);
});

describe("findings", () => {
  const found = (
    policy: string,
  ): { first: Finding; text: string; files: ReturnType<typeof compileLibrary>["files"] } => {
    const { findings, files } = compileLibrary({ policy });
    const [first] = findings;
    if (first === undefined) return expect.fail("no finding");
    return { first, text: underlined(files, first), files };
  };

  test("in a let's text show the place that uses it", () => {
    const { first, text, files } = found(`let held(x) = x.titel == "a"\n${rules("held(resource)")}`);
    expect(text).toBe("titel");
    const use = first.labels.at(-1);
    expect(use?.message).toBe("used here");
    expect(files[2]?.text.slice(use?.span.start, use?.span.end)).toBe("held(resource)");
    expect(fixed(files, first)).toContain("let held(x) = x.title ==");
  });

  test("propose no change where a parameter stands", () => {
    const { first, text } = found(`let mine(x) = x.id == "a"\n${rules("mine(principal)")}`);
    expect([first.code, text, first.fixes]).toEqual(["type/own-id", "x.id", []]);
  });

  test("about an argument are shown at the argument alone", () => {
    const { first, text } = found(`let noted(x) = x == "a"\n${rules("noted(resource.note)")}`);
    expect([first.code, text, first.labels.length]).toEqual(["type/unguarded", "resource.note", 1]);
  });
});

test("lets that grow are stopped before they do, whatever they are given", () => {
  const wide = `resource.title in [${Array.from({ length: 4000 }, (_, i) => `"t${i}"`).join(", ")}]`;
  const lets = [
    `let f0(x) = x or ${wide}\n`,
    ...Array.from({ length: 30 }, (_, i) => `let f${i + 1}(x) = f${i}(x) or f${i}(not x) or f${i}(x)\n`),
  ].join("");
  const start = processorTime();
  const { findings } = compileLibrary({ policy: `${lets}${rules("f30(context.mfa)")}` });
  expect(findings.map((finding) => finding.code)).toContain("limit/expansion");
  expect(processorTime() - start).toBeLessThan(10_000);
});
