/** A new kind of node in Kysely must be judged by a person before it can be met at run time. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { verdicts } from "../src/scope/node-kinds.ts";

test("the table of node kinds lists exactly those of the installed Kysely", () => {
  const entry = createRequire(import.meta.url).resolve("kysely");
  const declarations = readFileSync(new URL("operation-node/operation-node.d.ts", `file://${entry}`), "utf8");
  const union = /type OperationNodeKind = ([^;]+);/.exec(declarations)?.[1] ?? "";
  const kinds = [...union.matchAll(/'([A-Za-z]+)'/g)].map((match) => String(match[1]));
  expect(kinds.length).toBeGreaterThan(90);
  expect(Object.keys(verdicts).toSorted()).toEqual(kinds.toSorted());
});

test("only the four statements are statements", () => {
  const roots = Object.entries(verdicts).filter(
    ([, verdict]) => !["part", "raw", "schema", "unsupported"].includes(verdict),
  );
  expect(roots).toEqual([
    ["SelectQueryNode", "select"],
    ["InsertQueryNode", "insert"],
    ["UpdateQueryNode", "update"],
    ["DeleteQueryNode", "delete"],
  ]);
});
