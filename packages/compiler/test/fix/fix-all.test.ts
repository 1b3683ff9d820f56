import type { Finding, TextEdit } from "@wardline/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyEdits, fixAll, parseFile, type Texts } from "../../src/index.ts";

const edit = (start: number, end: number, text: string): TextEdit => ({
  span: { file: "a", start, end },
  text,
});

describe("edits", () => {
  test("are carried out in the places of the text as it was, in any order", () => {
    const edits = [edit(6, 7, "G"), edit(0, 1, ""), edit(3, 3, "-"), edit(2, 3, "CC")];
    fc.assert(
      fc.property(fc.shuffledSubarray(edits, { minLength: 4 }), (shuffled) => {
        expect(applyEdits("abcdefgh", shuffled)).toBe("bCC-defGh");
      }),
    );
  });

  test("insertions at one place keep their order", () => {
    expect(applyEdits("ab", [edit(1, 1, "1"), edit(1, 1, "2"), edit(0, 1, "A")])).toBe("A12b");
  });
});

/** Finds each `x` that is not followed by `!`, and offers what `offer` says. */
function checker(offer: (text: string, at: number) => readonly TextEdit[][]): (texts: Texts) => Finding[] {
  return (texts) =>
    [...texts].flatMap(([file, text]) =>
      [...text.matchAll(/x(?!!)/g)].map(({ index }) => ({
        code: "test/x",
        severity: "error" as const,
        message: "x",
        labels: [{ span: { file, start: index, end: index + 1 } }] as const,
        fixes: offer(text, index).map((edits) => ({ title: "fix", edits })),
      })),
    );
}
const one = (text: string) => new Map([["a", text]]);

describe("fixAll", () => {
  test("mends all that lie apart at once", () => {
    const fixed = fixAll(
      one("x-x-x"),
      checker((_, at) => [[edit(at, at + 1, "y")]]),
    );
    expect(fixed.texts.get("a")).toBe("y-y-y");
    expect(fixed.applied).toHaveLength(3);
    expect(fixed.findings).toEqual([]);
  });

  test("mends what touches in the next round", () => {
    const fixed = fixAll(
      one("xx"),
      checker((_, at) => [[edit(at, at + 1, "y")]]),
    );
    expect(fixed.texts.get("a")).toBe("yy");
    expect(new Set(fixed.applied.map(({ before }) => before.get("a")))).toEqual(new Set(["xx", "yx"]));
  });

  test.each([
    ["several fixes", (at: number) => [[edit(at, at + 1, "y")], [edit(at, at + 1, "z")]]],
    ["no fix", () => []],
    ["a fix without edits", () => [[]]],
    ["a fix that reaches into itself", (at: number) => [[edit(at, at + 1, "y"), edit(at, at + 1, "z")]]],
    ["a fix past the end", (at: number) => [[edit(at, 99, "y")]]],
    ["a fix that runs backwards", (at: number) => [[edit(at + 1, at, "y")]]],
    ["a fix in another file", () => [[{ span: { file: "b", start: 0, end: 0 }, text: "y" }]]],
    ["a fix that leaves more errors", (at: number) => [[edit(at, at, "x-")]]],
  ])("leaves %s alone", (_, offer) => {
    const fixed = fixAll(
      one("-x-"),
      checker((__, at) => offer(at)),
    );
    expect(fixed.texts.get("a")).toBe("-x-");
    expect(fixed.applied).toEqual([]);
    expect(fixed.findings).toHaveLength(1);
  });

  test("carries out the good ones beside a bad one, and names the bad one", () => {
    const offer = (text: string, at: number) =>
      text[at - 1] === "!" ? [[edit(at, at, "x-")]] : [[edit(at, at + 1, "y")]];
    const fixed = fixAll(one("x !x x"), checker(offer));
    expect(fixed.texts.get("a")).toBe("y !x y");
    expect(fixed.refused).toHaveLength(1);
  });

  test("leaves out what is not asked for", () => {
    const fixed = fixAll(
      one("x-x"),
      checker((_, at) => [[edit(at, at + 1, "y")]]),
      (finding) => {
        return finding.labels[0].span.start > 0;
      },
    );
    expect(fixed.texts.get("a")).toBe("x-y");
  });

  test("ends where two fixes undo each other", () => {
    const flip = (texts: Texts): Finding[] => [
      {
        code: "test/flip",
        severity: "warning",
        message: "flip",
        labels: [{ span: { file: "a", start: 0, end: 1 } }],
        fixes: [{ title: "flip", edits: [edit(0, 1, texts.get("a") === "0" ? "1" : "0")] }],
      },
    ];
    expect(fixAll(one("0"), flip).applied).toHaveLength(1);
  });

  test("never leaves more errors than there were, whatever the text", () => {
    const check = (texts: Texts) => [...texts].flatMap(([name, text]) => parseFile({ name, text }).findings);
    const words = [
      "permit",
      "pemrit",
      "a:",
      "anyone",
      "to",
      "read",
      "Loan",
      "when",
      "wehn",
      "x",
      "&&",
      "==",
      "=",
      "and",
      "or",
      ";",
      "\u00A0",
      "\u202E",
      "\n",
      " ",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 40 }), (parts) => {
        const texts = one(`policy north for library\n${parts.join(" ")}`);
        const fixed = fixAll(texts, check);
        expect(fixed.findings.length).toBeLessThanOrEqual(check(texts).length);
        expect(fixed.findings).toEqual(check(fixed.texts));
      }),
      { numRuns: 300 },
    );
  });
});
