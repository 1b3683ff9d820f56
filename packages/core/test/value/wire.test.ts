import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimalUnits, formatDecimal, instantFromDate, instantMicros, isWireValue } from "../../src/index.ts";

describe("decimals", () => {
  test.each([
    ["0.00", 0n],
    ["-0.01", -1n],
    ["12345.67", 1234567n],
    ["9999999999.99", 999999999999n],
  ])("%s", (text, units) => {
    expect(decimalUnits(text, 12, 2)).toBe(units);
    expect(formatDecimal(units, 2)).toBe(text);
  });

  test.each([
    "-0.00",
    "00.00",
    "1",
    "1.0",
    "1.000",
    "+1.00",
    "1e2",
    ".50",
    "1.",
    "",
    " 1.00",
    "1.00 ",
    "10000000000.00",
    "1_0.00",
    "١.٠٠",
  ])("refuses %j", (text) => {
    expect(decimalUnits(text, 12, 2)).toBeUndefined();
  });

  test("text and units are one to one", () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 18n) + 1n, 10n ** 18n - 1n),
        fc.integer({ min: 0, max: 18 }),
        (units, scale) => {
          expect(decimalUnits(formatDecimal(units, scale), 18, scale)).toBe(units);
        },
      ),
    );
  });
});

describe("instants", () => {
  test("agree with the platform's calendar", () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date("0001-01-01T00:00:00Z"),
          max: new Date("9999-12-31T23:59:59Z"),
          noInvalidDate: true,
        }),
        (date) => {
          expect(instantMicros(instantFromDate(date))).toBe(BigInt(date.getTime()) * 1000n);
        },
      ),
    );
  });

  test("keep microseconds", () => {
    expect(instantMicros("1970-01-01T00:00:00.000001Z")).toBe(1n);
    expect(instantMicros("1969-12-31T23:59:59.999999Z")).toBe(-1n);
  });

  test.each([
    "2026-02-29T00:00:00.000000Z",
    "1900-02-29T00:00:00.000000Z",
    "2026-13-01T00:00:00.000000Z",
    "2026-00-01T00:00:00.000000Z",
    "0000-01-01T00:00:00.000000Z",
    "2026-01-01T24:00:00.000000Z",
    "2026-01-01T00:00:60.000000Z",
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.000000+00:00",
    "2026-01-01 00:00:00.000000Z",
    "infinity",
  ])("refuses %s", (text) => {
    expect(instantMicros(text)).toBeUndefined();
  });
});

describe("JSON values", () => {
  const int = { kind: "int", min: 0, max: 5 } as const;
  test.each([
    [5, true],
    [6, false],
    [-1, false],
    [1.5, false],
    ["5", false],
    [NaN, false],
  ])("Int(0..5): %j is %s", (value, fits) => {
    expect(isWireValue(value, int)).toBe(fits);
  });

  test("a set holds values of its type, in any order, repeated or not", () => {
    expect(isWireValue([1, 1, 0], { kind: "set", of: int })).toBe(true);
    expect(isWireValue([1, 6], { kind: "set", of: int })).toBe(false);
    expect(isWireValue({ 0: 1, length: 1 }, { kind: "set", of: int })).toBe(false);
  });
});
