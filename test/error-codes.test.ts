/** The guide for applications is held to the sources: its codes, and the functions and operators that it says are carried. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aggregateFunctions } from "../packages/isolation/src/scope/aggregate-function.ts";
import { binaryOperators } from "../packages/isolation/src/scope/operator.ts";
import { scalarFunctions } from "../packages/isolation/src/scope/scalar-function.ts";
import { castTypes } from "../packages/isolation/src/scope/type.ts";

const root = new URL("..", import.meta.url).pathname;
const read = (path: string) => readFileSync(join(root, path), "utf8");
const guide = read("docs/sdk.md");

const code =
  /(?:access|challenge|handle|transaction|query|write|seal|database|audit|bundle|trust|source|keys|identity|tenant)\/[a-z-]+/
    .source;
const sealCodes = ["bad_header", "wrong_key_version", "destroyed", "not_authentic"];
const all = (text: string, quote: string) =>
  [...text.matchAll(new RegExp(`${quote}(${code})${quote}`, "g"))].map((match) => match[1] as string);
const distinct = (codes: readonly string[]) => [...new Set(codes)].toSorted();

test("every error code stands in the guide's table, and no other", () => {
  const sources = [
    "packages/isolation/src/errors.ts",
    "packages/isolation/src/keys/key-file-error.ts",
    "packages/isolation/src/keys/key-provider-error.ts",
    "packages/isolation/src/keys/key-registry-error.ts",
    "packages/isolation/src/keys/jobs/job-error.ts",
    "packages/sdk/src/bundle-rejected.ts",
    "packages/sdk/src/sources/source-error.ts",
    "packages/sdk/src/identity/identity-refused.ts",
    "packages/backends/src/bundle/bundle-error.ts",
  ].map(read);
  const table = guide.slice(guide.indexOf("## Errors"), guide.indexOf("## The record"));
  expect(distinct(all(table, "`"))).toEqual(distinct(all(sources.join("\n"), '"')));
  for (const word of sealCodes) {
    expect(sources[0]).toContain(`"${word}"`);
    expect(table).toContain(`\`${word}\``);
  }
});

test("every code that the guide names elsewhere is one of its table", () => {
  const table = guide.slice(guide.indexOf("## Errors"), guide.indexOf("## The record"));
  expect(all(guide, "`").filter((named) => !all(table, "`").includes(named))).toEqual([]);
});

test("every operator, function and cast of the allow-list stands in the guide", () => {
  const named = [...scalarFunctions, ...aggregateFunctions, ...binaryOperators, ...castTypes];
  const section = guide.slice(guide.indexOf("**Carried**"), guide.indexOf("**Refused**"));
  expect(named.length).toBeGreaterThan(25);
  expect(named.filter((word) => !section.includes(`\`${word}\``))).toEqual([]);
});
