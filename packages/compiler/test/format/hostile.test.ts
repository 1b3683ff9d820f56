/** Texts made to be slow or to grow: formatting takes time and room in proportion to the text. */
import { expect, test } from "vitest";
import { formatText, tenantLimits } from "../../src/index.ts";
import { processorTime } from "@wardline/core/testing";

const head = "policy north for library\n";
const fill = (before: string, unit: string, after = "") =>
  head +
  before +
  unit.repeat(Math.floor((tenantLimits.bytes - head.length - before.length - after.length) / unit.length)) +
  after;
const nested = `${"(".repeat(14)}a and b${")".repeat(14)}`;

test.each([
  ["statements", fill("", "role a\n")],
  ["a list of names", fill("role a", ",b")],
  ["a list in brackets", fill("let a = [b", ",c", "]")],
  ["a chain", fill("let a = b", " and c")],
  ["a path", fill("let a = b", ".c")],
  ["a path over many lines with calls", fill("let a = b", "\n.c(d)")],
  ["nested conditions", fill("let a = b", ` and ${nested}`)],
  ["lists in lists", fill("let a = [b", ",[c,[d,[e,[f,[g]]]]]", "]")],
  ["clauses, the last kind first", fill("permit a: b to c D", " trusting e when f")],
  ["comments at ends of lines", fill("let a = [b", ", // c\nd", "]")],
  ["comments on lines of their own", fill("", "// a\n", "role b")],
  ["comments in a statement", fill("role a", "\n//\n,\n//\nb")],
  ["comments before a brace", fill("settings {", "//\n", "}")],
  ["comments in one column, code of any length", fill("let a = b\n.c", "\n.c", "\n.c //d\nrole e  //f\n")],
  ["spaces in a comment", fill("role a //", " ", "b")],
  ["spaces after a comment", fill("role a //", " ", "\nrole b")],
  ["spaces before a comment", fill("role a", " ", "// b")],
  ["blank lines", fill("role a", "\n", "role b")],
  ["a string", fill('permit a: b to c D because "', "x", '" // c')],
  ["parts of a test", fill('test "a" {', "given now 22:00\n", "}")],
  ["rows of a list", fill('test "a" { expect list a to list B over [c', ",C{d:1}", "] gives [] }")],
])("%s up to the limit of tenants", (_, text) => {
  const before = processorTime();
  const result = formatText({ name: "x", text }, tenantLimits);
  // Far above what it takes, and far below what a quadratic step would.
  expect(processorTime() - before).toBeLessThan(5000);
  if ("findings" in result) throw new Error(result.findings.map(({ message }) => message).join("\n"));
  expect(result.text.length).toBeLessThan(20 * text.length);
  expect(formatText({ name: "x", text: result.text })).toEqual({ text: result.text, edits: [] });
});

test("code beyond the width of a line moves no other line's comment", () => {
  const path = ".c".repeat(200);
  const text = `${head}let a = b\n${path} // wide\nrole e${" ".repeat(395)}// near\n`;
  const result = formatText({ name: "x", text });
  if ("findings" in result) throw new Error("a text that parses is formatted");
  expect(result.text.split("\n").slice(2)).toEqual([`let a = b${path} // wide`, "role e // near", ""]);
});
