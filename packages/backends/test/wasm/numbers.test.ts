import fc from "fast-check";
import { evaluate, maxInt, type ScalarType } from "@wardline/core";
import { describe, expect, it } from "vitest";
import { firstFact, grantIf, oneTable, requestText } from "./one-table.ts";
import { bytesOf, loadPolicy } from "./policy.ts";

const int: ScalarType = { kind: "int", min: -maxInt, max: maxInt };

/** May if `given` and `wanted` are one number. */
const program = oneTable({
  ...grantIf([{ kind: "atom", atom: 0, negated: false }]),
  facts: ["given", "wanted"].map((name) => ({
    source: { from: "context", name },
    type: int,
    optional: false,
  })),
  atoms: [
    {
      kind: "compare",
      op: "eq",
      left: { kind: "slot", slot: firstFact, fallback: null },
      right: { kind: "slot", slot: firstFact + 1, fallback: null },
    },
  ],
});
const policy = loadPolicy(program);

/** A number is read as the nearest double of its text; it is an Int if that is whole and within bounds. */
function check(numeral: string): string {
  const value = Number(numeral);
  const text = requestText(`{"given":${numeral},"wanted":${Number.isSafeInteger(value) ? value : 0}}`);
  const wanted = evaluate(program, JSON.parse(text));
  expect(policy.decision(bytesOf(text)), numeral).toEqual(wanted);
  expect(wanted.outcome, numeral).toBe(Number.isSafeInteger(value) ? "permit" : "deny");
  return wanted.outcome;
}

/** `numerator / 2^bits` in full, with `more` digits after it. */
function exactly(numerator: bigint, bits: number, more = ""): string {
  const scaled = (numerator * 10n ** BigInt(bits)) >> BigInt(bits);
  const digits = scaled.toString().padStart(bits + 1, "0");
  return `${digits.slice(0, digits.length - bits)}.${digits.slice(digits.length - bits)}${more}`;
}

const whole = [
  "0 -0 -0.0 0e5 0.000e-99999999999 0E+99999999999999999999 5 5.0 5e0 50e-1 0.5e1 0.00005E+5 500000000000000000000e-20",
  "9007199254740991 -9007199254740991 9007199254740991.0 9007199254740991.4 9.007199254740991e15 4503599627370496.3",
  "5.0000000000000000000001 0.99999999999999999999 1e-400 -1e-400 1e-99999999999999999999",
  `1${"0".repeat(400)}e-400 0.${"0".repeat(400)}1e401`,
].join(" ");
const broken = [
  "0.5 5.5 1e-300 5e-324 9007199254740992 9007199254740991.5 -9007199254740992 9007199254740993 1e16 1e308 1e400 -1e400",
  "1e99999999999999999999 0.9999999999999999 450359962737049.66",
].join(" ");

describe("numbers", () => {
  it.each(whole.split(" "))("%s is an Int", (numeral) => expect(check(numeral)).toBe("permit"));

  it.each(broken.split(" "))("%s is no Int", (numeral) => expect(check(numeral)).toBe("deny"));

  it("rounds to even where a numeral stands just between two doubles, and to the nearer one beside it", () => {
    const outcomes = new Set<string>();
    for (let exponent = 0; exponent <= 52; exponent++) {
      const bits = 53 - exponent;
      for (const add of [0n, 1n, 2n, 3n, (1n << BigInt(exponent)) - 1n]) {
        const whole = (1n << BigInt(exponent)) + (add % (1n << BigInt(exponent)));
        for (const numerator of [(whole << BigInt(bits)) + 1n, (whole << BigInt(bits)) - 1n]) {
          outcomes.add(check(exactly(numerator, bits)));
          outcomes.add(check(exactly(numerator, bits, `${"0".repeat(40)}1`)));
          outcomes.add(check(`-${exactly(numerator * 10n ** 9n - 1n, bits)}e-9`));
          check(exactly(numerator + 1n, bits));
        }
      }
    }
    expect(outcomes).toEqual(new Set(["permit", "deny"]));
  });

  it("finds the place where a numeral no longer rounds to zero, and where it rounds to one", () => {
    const least = exactly(1n, 1075);
    expect(check(least)).toBe("permit");
    expect(check(`${least}0000001`)).toBe("deny");
    expect(check(`${least.slice(0, -1)}4`)).toBe("permit");
    const most = exactly((1n << 54n) - 1n, 54);
    expect(check(most)).toBe("permit");
    expect(check(`${most.slice(0, -1)}4`)).toBe("deny");
  });

  it("agrees with JSON.parse on random numerals", () => {
    const digits = fc.stringMatching(/^(0|[1-9]\d{0,18})(\.\d{1,24})?([eE][+-]?\d{1,2})?$/);
    fc.assert(
      fc.property(
        digits,
        fc.boolean(),
        (numeral, negative) => void check(negative ? `-${numeral}` : numeral),
      ),
      { numRuns: 2000 },
    );
    const nearWhole = fc.tuple(
      fc.maxSafeInteger(),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom("1", "4", "5", "9"),
    );
    fc.assert(
      fc.property(nearWhole, ([whole, zeros, last]) => {
        check(`${whole}.${"0".repeat(zeros)}${last}`);
        check(`${whole}.${"9".repeat(zeros)}${last}`);
      }),
      { numRuns: 1000 },
    );
  });
});
