/** What the editor does by the language configuration alone: comments that go on, indentation, words. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

describe("what the editor does by itself", () => {
  const pattern = (part: unknown) => new RegExp((part as { pattern: string }).pattern);
  interface Rules {
    readonly wordPattern: string;
    readonly onEnterRules: readonly {
      readonly beforeText: object;
      readonly afterText?: object;
      readonly action: { readonly indent: string; readonly appendText?: string };
    }[];
    readonly indentationRules: {
      readonly increaseIndentPattern: string;
      readonly decreaseIndentPattern: string;
    };
  }
  const rules = () =>
    JSON.parse(
      readFileSync(new URL("../extension/language-configuration.json", import.meta.url), "utf8"),
    ) as Rules;
  const entered = (before: string, after: string) =>
    rules().onEnterRules.find(
      ({ beforeText, afterText }) =>
        pattern(beforeText).test(before) && (afterText === undefined || pattern(afterText).test(after)),
    )?.action;

  test.each([
    ["/// What it is for", "", { indent: "none", appendText: "/// " }],
    ["  // a long", " comment", { indent: "none", appendText: "// " }],
    ["  // a comment", "", undefined],
    ["//// a line", "", undefined],
    ["permit own: reader to read Loan", "", { indent: "indent" }],
    ["  when resource.open", "", undefined],
    ['test "x" {', "", undefined],
    ["", "", undefined],
  ])("after %j, before %j: %j", (before, after, action) => {
    expect(entered(before, after)).toEqual(action);
  });

  test("words are names and numbers, and braces indent", () => {
    const { wordPattern, indentationRules } = rules();
    const words = "permit own_2: reader to read Loan when resource.fee >= 1_000.50";
    expect(words.match(new RegExp(wordPattern, "g"))).toEqual(
      "permit own_2 reader to read Loan when resource fee 1_000.50".split(" "),
    );
    const increase = new RegExp(indentationRules.increaseIndentPattern);
    for (const line of ["entity Loan stored in loans {", 'test "x" { // why', '  let a = "}" {'])
      expect(line).toMatch(increase);
    for (const line of ["permit a: b to c D", "// {", 'because "{', "{ a }"])
      expect(line).not.toMatch(increase);
    const decrease = new RegExp(indentationRules.decreaseIndentPattern);
    // A rule ends the one before it, whose clauses are indented.
    for (const line of ["  }", "  permit a:", "  require b : x"]) expect(line).toMatch(decrease);
    for (const line of ["  permit", "  when a", "  share: Bool", "  expect permit by a"])
      expect(line).not.toMatch(decrease);
  });
});
