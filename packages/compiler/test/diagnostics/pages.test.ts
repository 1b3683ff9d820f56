/** Every page is true: its wrong example gives its finding at the place that it marks, its right one gives none. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  diagnosticPages,
  diagnostics,
  renderPages,
  type DiagnosticCode,
} from "../../src/diagnostics/pages/index.ts";
import { compileExample, setOf } from "../../src/diagnostics/pages/example.ts";
import type { DiagnosticPage, WrongSet } from "../../src/diagnostics/pages/page.ts";

const pages = Object.entries<DiagnosticPage>(diagnosticPages);
const placeOf = ({ labels: [{ span }] }: { labels: readonly [{ span: object }, ...unknown[]] }) => span;

describe.each(pages)("%s", (code, page) => {
  test("the wrong example gives it, under what is marked, and nothing that is not named", () => {
    const { source, marks, findings } = compileExample(page.wrong, code);
    const own = findings.filter((found) => found.code === code);
    expect(marks.length).toBeGreaterThan(0);
    expect(own.map(placeOf)).toEqual(marks.map((mark) => ({ file: source.name, ...mark })));
    const { also = [] } = setOf(page.wrong) as WrongSet;
    const others = new Set(findings.map((found) => found.code).filter((other) => other !== code));
    expect([...others].toSorted()).toEqual([...also].toSorted());
  });

  test("what is said names the cure", () => {
    const [first] = compileExample(page.wrong, code).findings.filter((found) => found.code === code);
    const cure = first?.help ?? first?.labels[0].message ?? "";
    expect(cure).toMatch(/^[a-z`][^]*[^.]$/);
    expect([first?.message, cure, first?.note].join(" ")).not.toMatch(/[{}]|undefined/);
  });

  test("the right example gives nothing that is not named", () => {
    const { marks, findings } = compileExample(page.right, code);
    expect(marks).toEqual([]);
    const { also = [] } = setOf(page.right) as WrongSet;
    const others = findings.filter((found) => !also.includes(found.code as DiagnosticCode));
    expect(others.map((found) => `${found.code}: ${found.message}`)).toEqual([]);
    expect(findings.map((found) => found.code)).toEqual(expect.arrayContaining([...also]));
    expect(also).not.toContain(code);
  });

  test("its words are sentences", () => {
    for (const text of [page.summary, page.why]) expect(text).toMatch(/^[A-Z`][^]*[.?]$/);
    expect(page.summary).not.toMatch(/[.?] [A-Z]/);
    expect(page.why).not.toBe(page.summary);
  });
});

test("every code has a page, and there are no others", () => {
  expect(Object.keys(diagnosticPages).toSorted()).toEqual(Object.keys(diagnostics).toSorted());
  expect(pages.length).toBeGreaterThanOrEqual(60);
});

test("a page shows the words and the carets that the compiler gives", () => {
  const page = renderPages().find(({ path }) => path === "name/unknown.md")?.text ?? "";
  expect(page).toContain('  when resource.titel == "Emma"\n                ^^^^^ did you mean `title`?\n');
  expect(page).toContain("error[name/unknown]: unknown attribute `titel`");
});

test("no page holds a character that cannot be seen, or a mark", () => {
  for (const { path, text } of renderPages())
    expect([path, text.match(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u00a0⟪⟫]/u)?.[0]]).toEqual([path, undefined]);
});

test("the index names every page", () => {
  const [index, ...others] = renderPages();
  for (const { path } of others) expect(index?.text).toContain(`](${path})`);
});

test("the compiler itself never imports the pages", () => {
  const folder = new URL("../../src/", import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.startsWith("diagnostics/pages/"))
    .map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
  expect(sources.length).toBeGreaterThan(50);
  expect(sources.filter(({ text }) => /from "[^"]*pages\//.test(text)).map(({ name }) => name)).toEqual([]);
});
