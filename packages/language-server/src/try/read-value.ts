/** A value as people type it, in wire form. What does not fit is told with the form that does. */
import {
  decimalUnits,
  formatDecimal,
  isWireValue,
  type ScalarType,
  type ValueType,
  type WireScalar,
  type WireValue,
} from "@wardline/core";

export type ReadValue = { readonly value: WireValue } | { readonly wanted: string };

export function readValue(type: ValueType, raw: unknown): ReadValue {
  if (isWireValue(raw, type)) return { value: raw };
  if (type.kind === "set") {
    const items = Array.isArray(raw) ? (raw as readonly unknown[]) : [raw];
    const read = items.map((item) => readValue(type.of, item));
    const wrong = read.find((one) => "wanted" in one);
    if (wrong !== undefined) return wrong;
    return { value: read.flatMap((one) => ("value" in one ? [one.value as WireScalar] : [])) };
  }
  const value = typeof raw === "string" ? typed(type, raw.trim()) : undefined;
  return value !== undefined && isWireValue(value, type) ? { value } : { wanted: formOf(type) };
}

function typed(type: ScalarType, text: string): WireScalar | undefined {
  switch (type.kind) {
    case "bool":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "int":
      return /^-?\d+$/.test(text) ? Number(text) : undefined;
    case "decimal":
      return decimal(text, type.precision, type.scale);
    case "duration":
      return duration(text);
    case "time":
      return fullTime(text);
    case "instant":
      return instant(text);
    case "ip":
    case "uuid":
      return text.toLowerCase();
    case "string":
    case "entity":
    case "enum":
    case "date":
      return undefined;
  }
}

function decimal(text: string, precision: number, scale: number): string | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  const fraction = parts?.[3] ?? "";
  if (parts === null || fraction.length > scale) return undefined;
  const units = BigInt(`${parts[1]}${parts[2]}${fraction.padEnd(scale, "0")}`);
  const written = formatDecimal(units, scale);
  return decimalUnits(written, precision, scale) === undefined ? undefined : written;
}

const units: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
  w: 604_800_000_000,
};

function duration(text: string): number | undefined {
  const parts = /^(-?\d+)\s*([a-z]+)$/.exec(text);
  const unit = parts?.[2] === undefined || !Object.hasOwn(units, parts[2]) ? undefined : units[parts[2]];
  return unit === undefined ? undefined : Number(parts?.[1]) * unit;
}

function fullTime(text: string): string | undefined {
  const parts = /^(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?$/.exec(text);
  if (parts === null) return undefined;
  return `${parts[1]}:${parts[2] ?? "00"}.${(parts[3] ?? "").padEnd(6, "0")}`;
}

function instant(text: string): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)Z?)?$/.exec(text);
  const time = fullTime(parts?.[2] ?? "00:00");
  return parts === null || time === undefined ? undefined : `${parts[1]}T${time}Z`;
}

/** How a value of the type is typed. */
export function formOf(type: ValueType): string {
  switch (type.kind) {
    case "set":
      return `a list, each ${formOf(type.of)}`;
    case "bool":
      return "yes or no";
    case "int":
      return `a whole number from ${type.min} to ${type.max}`;
    case "decimal":
      return `a number with at most ${type.scale} digits after the point`;
    case "string":
      return "a text";
    case "entity":
      return `the id of ${type.entity}`;
    case "instant":
      return "a time such as 2026-01-05 12:00, in UTC";
    case "duration":
      return "a length of time such as 15m, 8h or 30d";
    case "enum":
      return `one of ${type.values.join(", ")}`;
    case "uuid":
      return "a UUID";
    case "ip":
      return "an address such as 192.0.2.1";
    case "date":
      return "a day such as 2026-01-05";
    case "time":
      return "a time of day such as 22:00";
  }
}
