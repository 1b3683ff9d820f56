/** Masks of values that are no texts: buckets towards minus infinity, first days in UTC. */
import { canMask, maskValue, type Mask, type ScalarType } from "@wardline/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const int: ScalarType = { kind: "int", min: -(2 ** 53) + 1, max: 2 ** 53 - 1 };
const decimal: ScalarType = { kind: "decimal", precision: 18, scale: 2 };
const date: ScalarType = { kind: "date" };
const instant: ScalarType = { kind: "instant" };
const text: ScalarType = { kind: "string" };

const bucket = (size: number): Mask => ({ kind: "bucket", size });

describe("bucket", () => {
  test.each([
    [10, 0, 0],
    [10, 9, 0],
    [10, 10, 10],
    [10, -1, -10],
    [10, -10, -10],
    [1, -7, -7],
    [1_000, 2 ** 53 - 1, 9_007_199_254_740_000],
  ])("of %d: %d is shown as %d", (size, value, shown) => {
    expect(maskValue(bucket(size), value, int)).toBe(shown);
  });

  test.each([
    [10, "0.00", "0.00"],
    [10, "9.99", "0.00"],
    [10, "-0.01", "-10.00"],
    [10, "-10.00", "-10.00"],
    [1, "9999999999999999.99", "9999999999999999.00"],
    [7, "-9999999999999999.99", "-10000000000000003.00"],
  ])("of %d: the decimal %s is shown as %s", (size, value, shown) => {
    expect(maskValue(bucket(size), value, decimal)).toBe(shown);
  });

  test("is a multiple, no more than the value, and less than a size below it", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 2 ** 40 - 1 }), (value, size) => {
        const shown = BigInt(maskValue(bucket(size), value, int) ?? 0);
        expect(shown % BigInt(size)).toBe(0n);
        expect(shown <= BigInt(value) && BigInt(value) - shown < BigInt(size)).toBe(true);
      }),
    );
  });

  test("a whole number that no double holds is a text", () => {
    expect(maskValue(bucket(10), -(2 ** 53) + 1, int)).toBe("-9007199254741000");
  });
});

test.each<[Mask["kind"], string, ScalarType, string]>([
  ["month", "2024-02-29", date, "2024-02-01"],
  ["year", "2024-02-29", date, "2024-01-01"],
  ["month", "0001-12-31", date, "0001-12-01"],
  ["month", "2026-01-31T23:59:59.999999Z", instant, "2026-01-01T00:00:00.000000Z"],
  ["year", "9999-12-31T23:59:59.999999Z", instant, "9999-01-01T00:00:00.000000Z"],
])("%s of %s", (kind, value, type, shown) => {
  expect(maskValue({ kind } as Mask, value, type)).toBe(shown);
});

test("what needs a key, or is for another type, throws", () => {
  expect(() => maskValue({ kind: "token" }, "a", text)).toThrow(TypeError);
  expect(() => maskValue({ kind: "hash" }, "a", text)).toThrow(TypeError);
  const masks: readonly Mask[] = [{ kind: "initials" }, bucket(2), { kind: "year" }, { kind: "redact" }];
  for (const mask of masks)
    for (const [type, value] of [
      [text, "a"],
      [int, 1],
      [date, "2026-01-05"],
    ] as const)
      if (!canMask(mask, type)) expect(() => maskValue(mask, value, type)).toThrow(TypeError);
  expect(maskValue({ kind: "hide" }, 1, int)).toBeNull();
  expect(maskValue({ kind: "show" }, 1, int)).toBe(1);
});
