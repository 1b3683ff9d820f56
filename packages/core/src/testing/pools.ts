/**
 * The values that a generated case is made of. Rows and literals draw from the same small pools, so that comparisons
 * often hold; the pools are full of values that have broken other engines.
 */
import type { ScalarType } from "../value/type.ts";
import { maxInt } from "../value/type.ts";
import { formatDecimal, type WireScalar } from "../value/wire.ts";
import type { Constructs } from "./generated-model.ts";
import type { Random } from "../search/random.ts";

/** Texts that stand in rows and, if they are NFC and printable, in policies too. */
export const hostileTexts: readonly string[] = [
  "",
  " ",
  "a",
  "A",
  "a ",
  "%",
  "_",
  "a_b",
  "a%",
  "\\",
  "\\n",
  "[",
  "[x]",
  "'",
  "''",
  '"',
  "O'Brien; --",
  "$1",
  "Straße",
  "STRASSE",
  "é",
  "e\u0301",
  "x\u0301y",
  "İ",
  "i\u0307",
  "ﬀ ab",
  "😀",
  "😀😀😀😀",
  "𝒳 yz",
  "\u{10FFFF}",
  "\uFFFD",
  "\uFFFF",
  "\u00A0x",
  "\u202Ea",
  "\uFEFFa",
  "tab\tand\nline",
  "\u0001",
  "__proto__",
  "constructor",
  "toString",
  "null",
  "true",
  "0",
  "ada lovelace of london",
  "  two  gaps ",
  "***",
  "abcdefghijklmnopqrstuvwxyz".repeat(12),
];

const instants = [
  "0001-01-01T00:00:00.000000Z",
  "1969-12-31T23:59:59.999999Z",
  "1970-01-01T00:00:00.000000Z",
  "2024-02-29T23:59:59.000001Z",
  "2026-01-05T11:59:59.999999Z",
  "2026-01-05T12:00:00.000000Z",
  "2026-01-05T12:00:00.000001Z",
  "9999-12-31T23:59:59.999999Z",
];

const durations = [
  0,
  1,
  -1,
  299_999_999,
  300_000_000,
  300_000_001,
  86_400_000_000,
  -300_000_000,
  maxInt,
  -maxInt,
];

const addresses = [
  "10.20.3.4",
  "192.0.2.1",
  "2001:db8::1",
  "10.19.255.255",
  "10.21.0.0",
  "0.0.0.0",
  "255.255.255.255",
  "::",
  "2001:db9::",
];
const days = ["2024-02-29", "1969-12-31", "2024-03-01", "0001-01-01", "9999-12-31"];
const times = [
  "22:00:00.000000",
  "00:00:00.000000",
  "05:59:59.999999",
  "06:00:00.000000",
  "12:30:00.000000",
  "21:59:59.999999",
  "23:59:59.999999",
];

/** The pools of one model: for each type the few values that its rows and literals use. */
export type Pools = (type: ScalarType) => readonly WireScalar[];

/** Makes the pools of a model. `ids` gives the ids of an entity's rows, in all tenants. */
export function makePools(
  random: Random,
  ids: ReadonlyMap<string, readonly string[]>,
  constructs: Constructs = "core",
): Pools {
  const texts = random.some(hostileTexts, 7);
  const moments = random.some(instants, 5);
  const spans = random.some(durations, 5);
  const units = random.between(0, 3);
  return (type) => {
    switch (type.kind) {
      case "bool":
        return [true, false];
      case "int":
        return inRange(
          [type.min, type.min + 1, -1, -0, 0, 1, 2, units, type.max - 1, type.max],
          type.min,
          type.max,
        );
      case "decimal":
        return decimals(type.precision, type.scale, units);
      case "string":
        return texts;
      case "instant":
        return moments;
      case "duration":
        return spans;
      case "enum":
        return type.values;
      case "entity":
        return ids.get(type.entity) ?? [];
      case "uuid":
        return ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"];
      case "ip":
        return constructs === "core" ? addresses.slice(0, 3) : addresses;
      case "date":
        return constructs === "core" ? days.slice(0, 2) : days;
      case "time":
        return constructs === "core" ? times.slice(0, 2) : times;
    }
  };
}

function inRange(values: readonly number[], min: number, max: number): readonly number[] {
  return values.filter(
    (value, at) => value >= min && value <= max && values.findIndex((v) => Object.is(v, value)) === at,
  );
}

function decimals(precision: number, scale: number, near: number): readonly string[] {
  const most = 10n ** BigInt(precision) - 1n;
  const one = 10n ** BigInt(Math.min(scale, precision - 1));
  const all = [0n, 1n, -1n, one, one * BigInt(near + 1), one * BigInt(near + 1) + 1n, most, most - 1n, -most];
  return [...new Set(all.filter((units) => units <= most && units >= -most))].map((units) =>
    formatDecimal(units, scale),
  );
}
