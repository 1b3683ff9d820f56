/** The value of a literal as one of a type. Exact or none: nothing is rounded or coerced. */
import {
  dateDays,
  formatDecimal,
  formatIp,
  instantMicros,
  isWireScalar,
  maxInt,
  parseIp,
  type ScalarType,
  type WireScalar,
} from "@wardline/core";
import type { Expression, LiteralKind } from "../ast/expression.ts";
import { unquote } from "../parse/literals.ts";

/** Expressions whose type is what the other side asks for. */
export type OpenExpression = Extract<Expression, { kind: "literal" | "entity" | "path" | "time_range" }>;

/** Ranges do not divide Int: a constant outside a fact's range can be compared with it. */
export function constantType(type: ScalarType): ScalarType {
  return type.kind === "int" ? { kind: "int", min: -maxInt, max: maxInt } : type;
}

/** The value in wire form, or undefined if it is not exactly a value of the type. */
export function literalValue(kind: LiteralKind, text: string, type: ScalarType): WireScalar | undefined {
  const value = convert(kind, text, type);
  return value !== undefined && isWireScalar(value, constantType(type)) ? value : undefined;
}

function convert(kind: LiteralKind, text: string, type: ScalarType): WireScalar | undefined {
  switch (type.kind) {
    case "bool":
      return kind === "bool" ? text === "true" : undefined;
    case "int":
    case "decimal": {
      if (kind !== "int" && kind !== "decimal") return undefined;
      const units = unitsOf(text, type.kind === "decimal" ? type.scale : 0);
      if (units === undefined) return undefined;
      return type.kind === "decimal" ? formatDecimal(units, type.scale) : Number(units);
    }
    case "string":
      return kind === "string" ? unquote(text) : undefined;
    case "duration":
      return kind === "duration" ? durationMicros(text) : undefined;
    case "instant":
      return kind === "instant" ? instantText(text) : undefined;
    case "uuid":
      return kind === "uuid" ? text.toLowerCase() : undefined;
    case "ip":
      return kind === "ipv4" || kind === "ipv6" ? addressText(text) : undefined;
    case "date":
      return kind === "date" && dateDays(text) !== undefined ? text : undefined;
    case "time":
      return kind === "time" ? timeText(text) : undefined;
    case "enum":
    case "entity":
      return undefined;
  }
}

/** `22:00` in wire form. */
export function timeText(text: string): string {
  return `${text}:00.000000`;
}

/** An address in canonical form; a network is none. */
function addressText(text: string): string | undefined {
  const address = parseIp(text);
  return address === undefined ? undefined : formatIp(address);
}

/** A number in units of 10^−scale, or undefined if it has digits below that. */
function unitsOf(text: string, scale: number): bigint | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.replaceAll("_", "").replaceAll(" ", ""));
  if (parts === null) return undefined;
  const fraction = (parts[3] ?? "").replace(/0+$/, "");
  if (fraction.length > scale) return undefined;
  const units = BigInt(`${parts[2]}${fraction.padEnd(scale, "0")}`);
  return parts[1] === "-" ? -units : units;
}

const durationUnits: ReadonlyMap<string, number> = new Map([
  ["us", 1],
  ["ms", 1000],
  ["s", 1_000_000],
  ["m", 60_000_000],
  ["h", 3_600_000_000],
  ["d", 86_400_000_000],
  ["w", 604_800_000_000],
]);

/** `15m` in microseconds, or undefined if it is not exact in a number. */
export function durationMicros(text: string): number | undefined {
  const parts = /^(\d+)([a-z]+)$/.exec(text.replaceAll("_", ""));
  const unit = durationUnits.get(parts?.[2] ?? "");
  if (parts === null || unit === undefined) return undefined;
  const micros = Number(parts[1]) * unit;
  return Number.isSafeInteger(micros) ? micros : undefined;
}

/** An instant as it travels: in UTC, with six digits of the second. */
function instantText(text: string): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const [, minute = "", second = "00", fraction = "", offset = "Z"] = parts;
  const digits = fraction.padEnd(6, "0");
  if (instantMicros(`${minute}:${second}.${digits}Z`) === undefined) return undefined;
  const shift = offset === "Z" ? 0 : offsetMinutes(offset);
  const utc = new Date(Date.parse(`${minute}:${second}Z`) - shift * 60_000).toISOString();
  return `${utc.slice(0, 19)}.${digits}Z`;
}

function offsetMinutes(offset: string): number {
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
