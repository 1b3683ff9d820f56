/** Every lint is mended by an edit, or its page says why none mends it. */
import { expect, test } from "vitest";
import { applyEdits, lintCodes } from "../../src/index.ts";
import { diagnosticPages } from "../../src/diagnostics/pages/index.ts";
import { compileExample, setOf } from "../../src/diagnostics/pages/example.ts";
import type { DiagnosticPage } from "../../src/diagnostics/pages/page.ts";

test.each(lintCodes)("%s", (code) => {
  const page: DiagnosticPage = diagnosticPages[code];
  const { source, findings } = compileExample(page.wrong, code);
  const own = findings.filter((found) => found.code === code);
  const fixes = own.flatMap((found) => found.fixes);
  if (page.noFix !== undefined) {
    expect(fixes).toEqual([]);
    expect(page.noFix).toMatch(/^[A-Z`][^]*\.$/);
    return;
  }
  expect(own.every((found) => found.fixes.length > 0)).toBe(true);
  const [first] = fixes;
  const text = applyEdits(source.text, first?.edits ?? []);
  const set = setOf(page.wrong);
  const after = compileExample({ ...set, text, whole: true }, code).findings;
  expect(after.filter((found) => found.severity === "error")).toEqual([]);
  expect(after.filter((found) => found.code === code).length).toBeLessThan(own.length);
});

test("only lints say that nothing mends them", () => {
  const saying = Object.entries<DiagnosticPage>(diagnosticPages).filter(
    ([, page]) => page.noFix !== undefined,
  );
  expect(saying.every(([code]) => code.startsWith("lint/"))).toBe(true);
});
