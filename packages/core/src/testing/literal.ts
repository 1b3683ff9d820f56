/** Values as literals of the language. Says which values no literal can write. */
import type { ScalarType } from "../value/type.ts";
import type { WireScalar } from "../value/wire.ts";
import type { Random } from "../search/random.ts";

const durationUnits = [
  ["w", 604_800_000_000],
  ["d", 86_400_000_000],
  ["h", 3_600_000_000],
  ["m", 60_000_000],
  ["s", 1_000_000],
  ["ms", 1000],
  ["us", 1],
] as const;

/** True if a literal can write a text: NFC, printable, no control that changes direction or is not seen. */
export function isSourceText(text: string): boolean {
  return (
    text.normalize("NFC") === text &&
    !/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/u.test(text) &&
    !text.includes("\uFFFD")
  );
}

/** A literal for a value, in one of the ways that it can be written; undefined where it can't be. */
export function literalOf(random: Random, value: WireScalar, type: ScalarType): string | undefined {
  switch (type.kind) {
    case "bool":
    case "enum":
      return String(value);
    case "int":
      return Object.is(value, -0) ? undefined : grouped(random, String(value));
    case "decimal":
      return decimalLiteral(random, value as string);
    case "string":
      return isSourceText(value as string) ? quoted(value as string) : undefined;
    case "instant":
      return instantLiteral(random, value as string);
    case "duration":
      return durationLiteral(random, value as number);
    case "entity":
      return isSourceText(value as string) ? `${type.entity} ${quoted(value as string)}` : undefined;
    case "uuid":
      return value as string;
    case "ip":
    case "date":
      return value as string;
    case "time":
      return (value as string).endsWith(":00.000000") ? (value as string).slice(0, 5) : undefined;
  }
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t" };

/** A text in quotes. */
export function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"\n\t]/g, (sign) => escapes[sign] ?? sign)}"`;
}

function grouped(random: Random, digits: string): string {
  return random.chance(0.3) ? digits.replaceAll(/\B(?=(?:\d{3})+$)/g, "_") : digits;
}

/** Trailing zeros mean nothing: `12.50`, `12.5` and, of a whole number, `12`. */
function decimalLiteral(random: Random, value: string): string {
  const point = value.indexOf(".");
  if (point < 0) return grouped(random, value);
  const whole = grouped(random, value.slice(0, point));
  const short = value.slice(point + 1).replace(/0+$/, "");
  if (random.chance(0.5)) return `${whole}.${value.slice(point + 1)}`;
  // "-0" is no number: "-0.05" keeps its fraction, and zero has no sign.
  return short === "" ? whole : `${whole}.${short}`;
}

function instantLiteral(random: Random, value: string): string {
  if (!value.endsWith(".000000Z") || random.chance(0.3)) return value;
  return value.replace(".000000Z", "Z");
}

function durationLiteral(random: Random, micros: number): string | undefined {
  if (micros < 0) return undefined;
  const fitting = durationUnits.filter(([, unit]) => micros % unit === 0);
  const [name, unit] = random.chance(0.7) ? (fitting[0] as (typeof fitting)[number]) : random.pick(fitting);
  return `${micros / unit}${name}`;
}
