/** Values, facts and paths as the language writes them, for people. */
import type { SlotSource } from "../ir/slot.ts";
import { entityPathKey } from "../ir/slot.ts";
import type { ScalarType } from "../value/type.ts";
import type { WireScalar } from "../value/wire.ts";

/** A value as a literal: `true`, `12.50`, `"a text"`, `15m`, `eu`, `Branch "er"`, `22:00`. */
export function valueText(value: WireScalar, type: ScalarType): string {
  switch (type.kind) {
    case "bool":
    case "int":
    case "decimal":
    case "enum":
    case "uuid":
    case "ip":
    case "date":
      return String(value);
    case "string":
      return quoted(String(value));
    case "entity":
      return `${type.entity} ${quoted(String(value))}`;
    case "duration":
      return durationText(Number(value));
    case "instant":
      return `${String(value).slice(0, 19)}${fraction(String(value).slice(20, 26))}Z`;
    case "time": {
      const [time, micros] = [String(value).slice(0, 8), fraction(String(value).slice(9))];
      return micros === "" && time.endsWith(":00") ? time.slice(0, 5) : `${time}${micros}`;
    }
  }
}

function quoted(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}

function fraction(micros: string): string {
  const digits = micros.replace(/0+$/, "");
  return digits === "" ? "" : `.${digits}`;
}

const units = [
  ["w", 604_800_000_000],
  ["d", 86_400_000_000],
  ["h", 3_600_000_000],
  ["m", 60_000_000],
  ["s", 1_000_000],
  ["ms", 1000],
] as const;

/** A number of microseconds in the largest unit that it is whole in. */
export function durationText(micros: number): string {
  const whole = units.find(([, size]) => micros !== 0 && micros % size === 0);
  if (whole === undefined) return micros === 0 ? "0s" : `${micros}us`;
  return `${micros / whole[1]}${whole[0]}`;
}

/** Where a fact stands, as a path of the language: `resource.branch.name`, `context.mfa`, `clock.time`. */
export function sourceText(source: SlotSource): string {
  switch (source.from) {
    case "principal":
      return source.part === "id" ? "principal" : `principal.${source.part}`;
    case "principal_attribute":
      return `principal.${source.name}`;
    case "row":
      return source.part === "id" ? source.row : `${source.row}.tenant`;
    case "row_attribute":
      return `${source.row}.${source.name}`;
    case "tenant":
      return "tenant";
    case "tenant_attribute":
      return `tenant.${source.name}`;
    case "context":
      return `context.${source.name}`;
    case "now":
      return "now";
    case "clock":
      return `clock.${source.part}`;
    case "reference":
      return `${entityPathKey(source.of)}.${source.name}`;
    case "limit":
      return source.part === "left" ? `what is left of ${source.rule}` : `the wait of ${source.rule}`;
    case "ancestors":
      return `every ${source.entity} above ${entityPathKey(source.of)}`;
    case "relation":
      return source.name;
  }
}
