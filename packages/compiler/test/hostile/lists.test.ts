/** What a tenant can make long within 64 KiB takes about as long as it is, with lints: no list is compared with itself. */
import { expect, test } from "vitest";
import { compile, type CompileResult } from "../../src/index.ts";
import { libraryModel, openPlatform } from "../check/library.ts";
import { processorTime } from "@wardline/core/testing";

const size = 60_000;

function compiled(text: string): CompileResult {
  return compile({
    model: { name: "library.ward", text: libraryModel },
    platform: [{ name: "platform.ward", text: openPlatform }],
    policy: { name: "north.ward", text: `policy north for library\n${text}` },
    tenant: "north",
    lints: {},
  });
}

function listOf(item: (i: number) => string, separator: string, room: number): string {
  const items: string[] = [];
  for (let length = 0; length < room; length += (items.at(-1) ?? "").length + separator.length)
    items.push(item(items.length));
  return items.join(separator);
}

const roles = (room: number) => listOf((i) => `r${i}`, ", ", room);

const texts: readonly (readonly [string, string])[] = [
  [
    "roles in one rule",
    `role ${roles(size / 2)} extends reader\npermit p: ${roles(size / 2)} to act on anything\n`,
  ],
  ["a role again and again", `permit p: ${listOf(() => "reader", ", ", size)} to act on Book\n`],
  ["a type again and again", `permit p: reader to read ${listOf(() => "Book", ", ", size)}\n`],
  [
    "addresses",
    `permit p: reader to read Book\n  when context.address in [${listOf((i) => `::${i.toString(16)}`, ",", size)}]\n`,
  ],
  [
    "networks",
    `permit p: reader to read Book\n  when context.address in [${listOf((i) => `10.${i >> 8}.${i & 255}.0/24`, ",", size)}]\n`,
  ],
  [
    "one condition on one line",
    `permit p: reader to read Book\n  when ${listOf(() => "resource.lost", " and ", size)}\n`,
  ],
];

// Each takes a fraction of a second; what compares all with all takes from several seconds to minutes.
test.each(texts)("%s", (_, text) => {
  const times: number[] = [];
  for (let tries = 0; tries < 3; tries += 1) {
    const start = processorTime();
    const result = compiled(text);
    times.push(processorTime() - start);
    expect(result.findings.filter((found) => found.severity === "error")).toEqual([]);
    if ((times.at(-1) ?? 0) < 4000) return;
  }
  expect.fail(`took ${times.map(Math.round).join(", ")} ms`);
});
