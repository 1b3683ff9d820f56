/** What is made from the sources is committed as it is made: `pnpm generate` writes it. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generatedFiles } from "../scripts/generated.ts";

const files = generatedFiles();

test.each(files)("$path is as the sources make it (`pnpm generate` writes it)", ({ path, text }) => {
  expect(readFileSync(new URL(`../${path}`, import.meta.url), "utf8")).toBe(text);
});

test("every page of a finding is one that the sources make", () => {
  const folder = new URL("../docs/diagnostics/", import.meta.url);
  const there = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".md"),
  );
  const made = files.flatMap(({ path }) => /^docs\/diagnostics\/(.*)$/.exec(path)?.[1] ?? []);
  expect(there.toSorted()).toEqual(made.toSorted());
});
