/** The grammar of the parser that is installed: every kind of node that it has is named, and no other. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { nodeKinds } from "../src/final-check/node-kinds.ts";
import { loadParser } from "../src/final-check/parse.ts";

test("every kind of the installed grammar has its verdict", () => {
  const require = createRequire(createRequire(import.meta.url).resolve("libpg-query"));
  const types = readFileSync(require.resolve("@pgsql/types").replace(/index\.js$/, "types.d.ts"), "utf8");
  const union = /export type Node = (.*?)\n\}?;\n/s.exec(types)?.[1] ?? "";
  const kinds = [...union.matchAll(/^\s+(\w+): /gm)].map(([, kind]) => kind as string);
  expect(kinds.length).toBeGreaterThan(200);
  expect(Object.keys(nodeKinds).toSorted()).toEqual(kinds.toSorted());
});

test("the grammar is that of Postgres 18", async () => {
  expect((await loadParser()).major).toBe(18);
});
