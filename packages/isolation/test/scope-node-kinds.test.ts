/** A new kind of node in Kysely must be judged by a person before it can be met at run time. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { verdicts } from "../src/scope/node-kinds.ts";

const entry = createRequire(import.meta.url).resolve("kysely");
const folder = new URL("operation-node/", `file://${entry}`);
const read = (file: string): string => readFileSync(new URL(file, folder), "utf8");

/** The kinds that the declarations of the installed version name. */
function declaredKinds(declarations: string): readonly string[] {
  const union = /type OperationNodeKind = ([^;]+);/.exec(declarations)?.[1] ?? "";
  return [...union.matchAll(/['"]([A-Za-z]+)['"]/g)].map((match) => String(match[1]));
}

/** The kinds that its code makes: what is met at run time, whatever the types say. */
function madeKinds(sources: readonly string[]): readonly string[] {
  const kinds = sources.flatMap((source) => [...source.matchAll(/kind: ['"]([A-Za-z]+Node)['"]/g)]);
  return [...new Set(kinds.map((match) => String(match[1])))];
}

/** The kinds that its visitor knows how to print. */
function visitedKinds(source: string): readonly string[] {
  return [...source.matchAll(/^ +([A-Za-z]+Node): this\.visit/gm)].map((match) => String(match[1]));
}

test("V3: the table of node kinds lists exactly those of the installed Kysely", () => {
  const judged = Object.keys(verdicts).toSorted();
  const declared = declaredKinds(read("operation-node.d.ts"));
  expect(declared.length).toBeGreaterThan(90);
  expect(judged).toEqual(declared.toSorted());
  const sources = readdirSync(folder).filter((file) => file.endsWith("-node.js"));
  expect(madeKinds(sources.map(read)).toSorted()).toEqual(judged);
  expect(visitedKinds(read("operation-node-visitor.js")).toSorted()).toEqual(judged);
});

test("V3: a kind that is new in the declarations, the code or the visitor is seen", () => {
  const declarations = read("operation-node.d.ts").replace(
    "OperationNodeKind = ",
    "OperationNodeKind = 'NewNode' | ",
  );
  expect(declaredKinds(declarations)).toContain("NewNode");
  expect(madeKinds([read("when-node.js").replaceAll("WhenNode'", "NewNode'")])).toContain("NewNode");
  const visitor = read("operation-node-visitor.js").replace(
    "WhenNode: this",
    "WhenNode: this.x,\n    NewNode: this",
  );
  expect(visitedKinds(visitor)).toContain("NewNode");
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
