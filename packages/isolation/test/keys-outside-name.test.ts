import fc from "fast-check";
import { expect, it } from "vitest";
import { outsideName } from "../src/keys/outside/outside-name.ts";

it.each([
  ["north", "north"],
  ["north-2", "north-2"],
  ["north_2", "north_5f2"],
  ["North", "_4eorth"],
  ["a/b.c", "a_2fb_2ec"],
  ["\u00f1", "_c3_b1"],
  ["\u{1f511}", "_f0_9f_94_91"],
  ["x".repeat(180), "x".repeat(180)],
  // printf 'x%.0s' {1..181} | sha256sum
  ["x".repeat(181), "_xdc31ed5afb940294fdd687c69bbba2aecc51b6093425c0047f6fa6c687303924"],
])("a tenant %j is called %s outside", (tenant, name) => {
  expect(outsideName(tenant)).toBe(name);
});

it("two tenants never have one name, and names have letters alone that every provider takes", () => {
  const id = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 300 })
    .filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(id, id, (one, two) => {
      const [first, second] = [outsideName(one), outsideName(two)];
      expect(first).toMatch(/^[a-z0-9_-]{1,180}$/);
      expect(first === second).toBe(one === two);
    }),
  );
});

it.each(["", "a\0b", "\ud800", "\udc00a"])("%j can't be a tenant", (tenant) => {
  expect(() => outsideName(tenant)).toThrow(RangeError);
});
