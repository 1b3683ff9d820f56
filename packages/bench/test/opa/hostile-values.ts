/** Facts of every type, and values for them: half of them in form, the others at the edge of it or beyond. */
import { formatIp } from "@wardline/core";
import type { Random } from "@wardline/core/testing";

/** Facts of the context by their types in the language. */
export const facts = {
  ip: "Ip",
  day: "Date",
  other_day: "Date",
  at: "Time",
  other_at: "Time",
  when: "Instant",
  other_when: "Instant",
  wide: "Decimal(18, 2)",
  other_wide: "Decimal(18, 2)",
  part: "Decimal(2, 2)",
  whole: "Decimal(18, 0)",
  count: "Int",
  other_count: "Int",
  few: "Int(-3..3)",
  key: "Uuid",
  text: "String",
  other_text: "String",
  long: "Duration",
} as const;
export type Fact = keyof typeof facts;

const digits = (random: Random, count: number) =>
  Array.from({ length: count }, () => random.pick(["0", "1", "2", "9", "3", "5"])).join("");

/** Addresses with long runs of zeros, where the forms differ; written as they should be, and then often changed. */
function address(random: Random): string {
  if (random.chance(0.4)) {
    const octet = () =>
      random.pick(["0", "1", "9", "10", "127", "128", "192", "254", "255", "256", "010", "00", ""]);
    return [octet(), octet(), octet(), octet()].join(".");
  }
  const groups = Array.from({ length: 8 }, () =>
    BigInt(random.pick([0, 0, 0, 0, 1, 0xffff, 0x2001, 0xdb8, 0x8000, 0xfe80, 0xa])),
  );
  const bits = groups.reduce((all, group) => (all << 16n) | group, 0n);
  if (random.chance(0.6)) return formatIp({ version: 6, bits });
  // Any shortening, or none.
  const texts = groups.map((group) => group.toString(16));
  const start = random.below(9);
  const end = start + random.below(9 - start);
  const cut = random.chance(0.7) ? [...texts.slice(0, start), "", ...texts.slice(end)] : texts;
  const text = cut.join(":");
  return random.pick([
    text,
    text,
    text.replace(/^:/, "::").replace(/:$/, "::"),
    `0${text}`,
    text.toUpperCase(),
  ]);
}

function date(random: Random): string {
  const year = random.pick([
    "0000",
    "0001",
    "1600",
    "1900",
    "1970",
    "2000",
    "2023",
    "2024",
    "2100",
    "9999",
    "99999",
  ]);
  const month = random.pick(["00", "01", "02", "02", "02", "04", "06", "11", "12", "13", "1"]);
  return `${year}-${month}-${random.pick(["00", "01", "28", "29", "30", "31", "32"])}`;
}

function time(random: Random): string {
  const two = (most: string) => random.pick(["00", "01", most, most, "60", "24", "5"]);
  return `${two("23")}:${two("59")}:${two("59")}${random.pick([".000000", ".000001", ".999999", ".99999", ""])}`;
}

const instant = (random: Random) =>
  `${date(random)}T${time(random)}${random.pick(["Z", "Z", "Z", "z", "+00:00"])}`;

function decimal(random: Random, whole: number, scale: number): string {
  const sign = random.pick(["", "", "-", "+"]);
  const before = random.pick([
    "0",
    digits(random, 1),
    digits(random, whole),
    "9".repeat(whole),
    "1".padEnd(whole, "0"),
  ]);
  return `${sign}${before}${scale === 0 ? "" : `.${random.pick([digits(random, scale), "0".repeat(scale), "9".repeat(scale)])}`}`;
}

const someNumber = (random: Random) =>
  random.pick<unknown>([
    0,
    -0,
    1,
    -1,
    3,
    4,
    -3,
    -4,
    0.5,
    1e-7,
    2 ** 53 - 1,
    -(2 ** 53 - 1),
    2 ** 53,
    1e21,
    1e300,
    "1",
    null,
  ]);

const someText = (random: Random) =>
  random.pick([
    "",
    "a",
    "ab",
    "b",
    "bab",
    "\u{1F600}",
    "\u{1F600}\u{1F601}",
    "é",
    "e\u0301",
    "\uFFFD",
    "\u0000",
    "a\u0000",
    "\n",
    "%",
    "\\",
  ]);

/** Values in form, equal ones often among them. */
const good: Readonly<Record<(typeof facts)[Fact], readonly unknown[]>> = {
  Ip: [
    "10.1.2.3",
    "192.168.0.200",
    "255.255.255.255",
    "::1",
    "2001:db8:8000::1",
    "febf::",
    "ffff:ffff:ffff:ffff::",
  ],
  Date: ["0001-01-01", "2024-02-28", "2024-02-29", "9999-12-31"],
  Time: ["00:00:00.000000", "23:59:59.999999", "12:00:00.000000"],
  Instant: [
    "0001-01-01T00:00:00.000000Z",
    "2023-12-01T12:00:00.000001Z",
    "2024-02-29T12:00:00.001001Z",
    "9999-12-31T23:59:59.999999Z",
  ],
  "Decimal(18, 2)": [
    "9999999999999999.99",
    "9999999999999999.98",
    "-9999999999999999.99",
    "0.00",
    "-0.01",
    "10.00",
    "9.99",
  ],
  "Decimal(2, 2)": ["0.49", "0.50", "-0.99"],
  "Decimal(18, 0)": ["999999999999999999", "-999999999999999999", "0"],
  Int: [0, -0, 2 ** 53 - 1, 2 ** 53 - 2, -(2 ** 53 - 1)],
  "Int(-3..3)": [-3, 0, -0, 2, 3],
  Uuid: ["0198c0de-0000-7000-8000-0000000000aa"],
  String: ["", "a", "ab", "bab", "\u{1F600}", "\u{1F600}\u{1F601}"],
  Duration: [3_600_000_000, 3_600_000_001],
};

/** A value for a fact: in form, nearly so, or of another kind. */
export function valueOf(random: Random, fact: Fact): unknown {
  if (random.chance(0.5)) return random.pick(good[facts[fact]]);
  if (random.chance(0.03)) return random.pick<unknown>([null, true, 0, "", [], {}, "\u0000", "1\n", [null]]);
  switch (facts[fact]) {
    case "Ip":
      return address(random);
    case "Date":
      return date(random);
    case "Time":
      return time(random);
    case "Instant":
      return instant(random);
    case "Decimal(18, 2)":
      return decimal(random, 16, 2);
    case "Decimal(2, 2)":
      return decimal(random, 1, 2);
    case "Decimal(18, 0)":
      return decimal(random, 18, 0);
    case "Int":
    case "Int(-3..3)":
    case "Duration":
      return someNumber(random);
    case "Uuid":
      return random.pick([
        "0198c0de-0000-7000-8000-0000000000aa",
        "0198C0DE-0000-7000-8000-0000000000aa",
        "x",
      ]);
    case "String":
      return someText(random);
  }
}
