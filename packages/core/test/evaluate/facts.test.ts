import { expect, test } from "vitest";
import { isPairs } from "../../src/evaluate/facts.ts";
import { isWireValue } from "../../src/value/wire.ts";

/** A list with nothing in its places: what walks over its elements sees none of them. */
const holes = Array.from({ length: 2 }, (_, i) => i);
for (const i of [0, 1]) Reflect.deleteProperty(holes, i);

test("a list with holes is neither a set nor the pairs of a relation: it would pass for one that holds nobody", () => {
  expect(holes.every(() => false)).toBe(true);
  expect(isPairs(holes)).toBe(false);
  expect(isWireValue(holes, { kind: "set", of: { kind: "string" } })).toBe(false);
});

test("lists that are whole are", () => {
  expect(isPairs([])).toBe(true);
  expect(isPairs([{ from: "a", to: "b" }])).toBe(true);
  expect(isWireValue(["a"], { kind: "set", of: { kind: "string" } })).toBe(true);
});
