/** What an owner is told of a text. */
import { expect, test } from "vitest";
import { readFindings } from "../../src/service/desk/findings.ts";

const place = (file: string, message: string | null = null) => ({
  file,
  start: { line: 2, column: 3 },
  end: { line: 2, column: 6 },
  message,
});
const finding = (severity: string, ...labels: readonly unknown[]) => ({
  severity,
  code: "a/b",
  message: "wrong",
  labels,
  help: null,
});
const read = (...findings: readonly unknown[]) =>
  readFindings(JSON.stringify({ findings }), "own.ward", "one\nx yes z\n");

test("a place in the own text is shown with its words", () => {
  expect(read(finding("warning", place("own.ward")))).toMatchObject([
    { line: 2, column: 3, excerpt: ["x ", "yes", " z"] },
  ]);
});

test("an error elsewhere is told too, at its place in the own text where it has one", () => {
  expect(read(finding("error", place("platform.ward"), place("own.ward", "here")))).toMatchObject([
    { line: 2, label: "here", excerpt: ["x ", "yes", " z"] },
  ]);
  expect(read(finding("error", place("platform.ward", "there")))).toMatchObject([
    { line: 1, column: 1, label: "there", excerpt: ["", "", ""] },
  ]);
  expect(read(finding("error"))).toHaveLength(1);
});

test("what else is said of the platform's files is not the tenant's", () => {
  expect(read(finding("warning", place("platform.ward"), place("own.ward")))).toEqual([]);
});
