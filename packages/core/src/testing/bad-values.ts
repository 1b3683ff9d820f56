/** Values that are not of a type, most of them nearly so: what every backend must tell from those that are. */
import type { ValueType } from "../value/type.ts";
import { formatDecimal } from "../value/wire.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export const badPairs: readonly Json[] = [
  [{ from: "a" }],
  [{ from: 1, to: "a" }],
  [null],
  {},
  "x",
  [["a", "b"]],
  [{ from: "a", to: "b\0" }],
];

const badTexts: readonly Json[] = ["a\0b", "\uD800", "x\uDC00y", 1, true, {}, []];

/** Values that are not of a type, most of them nearly so. */
export function badValues(type: ValueType): readonly Json[] {
  switch (type.kind) {
    case "set":
      return [...badValues(type.of).map((value) => [value]), "x", {}, 0, [[]], [null]];
    case "bool":
      return ["true", 0, 1, "", [], {}];
    case "int":
      return [0.5, 2 ** 53, -(2 ** 53), 1e300, "1", true, type.max + 1, type.min - 1, [1]];
    case "duration":
      return [0.5, 2 ** 53, -(2 ** 53), 1e300, "1", "5m", true];
    case "decimal":
      return badDecimals(type.precision, type.scale);
    case "instant":
      return [
        "2026-01-05",
        "2026-01-05T12:00:00Z",
        "2026-02-30T00:00:00.000000Z",
        "2026-01-05T24:00:00.000000Z",
        "0000-01-01T00:00:00.000000Z",
        "2023-02-29T00:00:00.000000Z",
        "1900-02-29T00:00:00.000000Z",
        "2026-01-05T12:00:60.000000Z",
        "2026-01-05t12:00:00.000000z",
        "2026-01-05T12:00:00.000000+00",
        0,
        "",
      ];
    case "enum":
      return [
        "",
        "__proto__",
        "toString",
        (type.values[0] ?? "").toUpperCase(),
        `${type.values[0] ?? ""} `,
        0,
        [],
        null,
      ];
    case "string":
    case "entity":
      return badTexts;
    case "uuid":
      return [...badUuids, 0, null];
    case "ip":
      return [...badAddresses, 0, null];
    case "date":
      return [...badDays, 0, null];
    case "time":
      return [...badTimes, 0, null];
  }
}

function badDecimals(precision: number, scale: number): readonly Json[] {
  const zero = formatDecimal(0n, scale);
  return [
    1,
    `-${zero}`,
    `+${zero}`,
    `0${zero}`,
    `${zero}${scale === 0 ? ".0" : "0"}`,
    ...(scale === 0 ? [] : [zero.slice(0, -1)]),
    formatDecimal(10n ** BigInt(precision), scale),
    formatDecimal(-(10n ** BigInt(precision)), scale),
    "1e2",
    "",
    ".50",
    "1.",
    "NaN",
    ` ${zero}`,
    `${zero}\n`,
    "١.٠٠",
  ];
}

const badUuids: readonly string[] = [
  "",
  "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
  "00000000000000000000000000000000",
  "{00000000-0000-0000-0000-000000000000}",
  "00000000-0000-0000-0000-00000000000",
  "00000000-0000-0000-0000-00000000000g",
  "00000000-0000-0000-0000-000000000000\n",
];

const badAddresses: readonly string[] = [
  "",
  "10.20.3",
  "010.20.3.4",
  "10.20.3.256",
  "10.20.3.4/32",
  "10.20.3.4 ",
  "::ffff:10.20.3.4",
  "::ffff:a14:304",
  "2001:DB8::1",
  "2001:db8:0:0:0:0:0:1",
  "2001:db8::0:1",
  "2001:0db8::1",
  "2001:db8::1%eth0",
  "1::2::3",
  ":::",
];

const badDays: readonly string[] = [
  "",
  "1900-02-29",
  "2023-02-29",
  "2026-04-31",
  "2026-13-01",
  "2026-00-10",
  "0000-01-01",
  "2026-1-05",
  "10000-01-01",
  "2026-01-05T00:00:00.000000Z",
  "2026-01-05\n",
];

const badTimes: readonly string[] = [
  "",
  "24:00:00.000000",
  "12:60:00.000000",
  "23:59:60.000000",
  "12:30",
  "12:30:00",
  "12:30:00.00000",
  "12:30:00.000000Z",
  "1:30:00.000000",
];
