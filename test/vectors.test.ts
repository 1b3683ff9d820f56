/** Holds docs/vectors.md to the tests: each number has a row, each row names tests that there are, and no way is left open. */
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/vectors.md"), "utf8");

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
const numbers = range(1, 107);

const rows = [...page.matchAll(/^\| (\d+) \|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|(.*)\|$/gm)].map((match) => {
  const [, number, , ...cells] = match.map((cell) => cell.trim());
  return { number: Number(number), settings: cells.slice(0, 3), tests: cells[3] as string };
});

/** Texts of tests by the name of their file, alone and with its folder, as the page names them. */
const files = new Map<string, string>();
for (const path of globSync(["packages/*/test/**/*.ts", "examples/*/test/**/*.ts"], { cwd: root })) {
  if (path.includes("node_modules") || path.includes("dist")) continue;
  const text = readFileSync(join(root, path), "utf8");
  // Two packages may have files of one name.
  for (const name of [basename(path), path.split("/").slice(-2).join("/")])
    files.set(name, `${files.get(name) ?? ""}${text}`);
}

const cited = (text: string): readonly (readonly [title: string, file: string])[] =>
  [...text.matchAll(/`([^`]+)` in `([^`]+)`/g)].map(([, title, file]) => [title as string, file as string]);

test("every way in of this step has one row", () => {
  expect(rows.map(({ number }) => number)).toEqual(numbers);
});

test("every row names a test that attacks it, and every test that the page names is there", () => {
  for (const { number, tests } of rows) {
    const all = cited(tests);
    expect(all.length, `V${number}`).toBeGreaterThan(0);
    // Where a title is of a table of cases, the number stands beside the case.
    const numbered = all.some(([title, file]) =>
      [title, files.get(file) ?? ""].some((text) => new RegExp(`\\bV${number}\\b`).test(text)),
    );
    expect(numbered, `no test of V${number} bears its number`).toBe(true);
  }
  // A corpus is named by its files.
  const corpus = globSync("packages/bench/test/fuzz-corpus/*.json", { cwd: root }).map((path) =>
    basename(path, ".json"),
  );
  const missing = cited(page).filter(([title, file]) => {
    const text = files.get(file);
    return (
      text === undefined ||
      !(text.includes(title) || (file === "fuzz-corpus.test.ts" && corpus.includes(title)))
    );
  });
  expect(missing).toEqual([]);
});

test("each setting is tested, or a reason stands below", () => {
  const reasons = new Set([...page.matchAll(/^- (\([a-z]\d?\)) /gm)].map(([, reason]) => reason as string));
  for (const { number, settings } of rows)
    for (const setting of settings)
      expect(setting === "yes" || reasons.has(setting), `V${number}: ${setting}`).toBe(true);
  for (const reason of reasons)
    expect(
      rows.some(({ settings }) => settings.includes(reason)),
      reason,
    ).toBe(true);
});
