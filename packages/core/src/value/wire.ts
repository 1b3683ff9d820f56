import { isIp } from "./ip.ts";
import type { ScalarType, ValueType } from "./type.ts";

/**
 * A value as it travels in JSON. Bool: boolean · Int, Duration (µs): number · Decimal: string with exactly `scale`
 * digits after the point · Instant: string `YYYY-MM-DDTHH:MM:SS.ffffffZ` · Date: string `YYYY-MM-DD` · Time: string
 * `HH:MM:SS.ffffff` · Ip: string in canonical form · enum, String, Uuid, entity id: string ·
 * Set: array, in which order and repetition mean nothing. Absent: a missing key, or null.
 */
export type WireScalar = boolean | number | string;
export type WireValue = WireScalar | readonly WireScalar[];

const instantForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const decimalForm = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/;

/** True for the canonical text of a UUID (RFC 9562 §4, lower case). */
export function isUuid(text: string): boolean {
  return uuidForm.test(text);
}

/**
 * Microseconds since 1970-01-01T00:00:00Z, or undefined if the text is not a canonical Instant of a real date
 * (proleptic Gregorian, years 0001–9999, no leap second).
 */
export function instantMicros(text: string): bigint | undefined {
  const seconds = instantSeconds(text);
  return seconds === undefined ? undefined : BigInt(seconds) * 1_000_000n + BigInt(text.slice(20, 26));
}

/** Whole seconds since 1970-01-01T00:00:00Z, or undefined as {@link instantMicros}. */
function instantSeconds(text: string): number | undefined {
  if (!instantForm.test(text)) return undefined;
  const part = (from: number, to: number) => Number(text.slice(from, to));
  const [year, month, day] = [part(0, 4), part(5, 7), part(8, 10)];
  const [hour, minute, second] = [part(11, 13), part(14, 16), part(17, 19)];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
}

const dateForm = /^(\d{4})-(\d\d)-(\d\d)$/;
const timeForm = /^(\d\d):(\d\d):(\d\d)\.(\d{6})$/;

/** Days since 1970-01-01, or undefined if the text is no canonical Date (a real day of the years 0001–9999). */
export function dateDays(text: string): number | undefined {
  const parts = dateForm.exec(text);
  if (parts === null) return undefined;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return daysFromCivil(year, month, day);
}

/** Microseconds since midnight, or undefined if the text is no canonical time of day (before 24:00). */
export function timeMicros(text: string): number | undefined {
  const parts = timeForm.exec(text);
  if (parts === null) return undefined;
  const [hour, minute, second, micros] = parts.slice(1).map(Number) as [number, number, number, number];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01. Source: H. Hinnant, "chrono-compatible low-level date algorithms". */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yoe = y - era * 400;
  const doy = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const doe = yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy;
  return era * 146_097 + doe - 719_468;
}

/** The canonical Instant for a JavaScript date, with microseconds zero below the millisecond. */
export function instantFromDate(date: Date): string {
  return `${date.toISOString().slice(0, -1)}000Z`;
}

/**
 * A decimal as a whole number of units of its last digit, or undefined if the text is not canonical for the type:
 * no leading zeros, no plus, no exponent, exactly `scale` digits after the point, not "-0", at most `precision` digits.
 */
export function decimalUnits(text: string, precision: number, scale: number): bigint | undefined {
  const parts = decimalForm.exec(text);
  if (parts === null) return undefined;
  const fraction = parts[3] ?? "";
  if (fraction.length !== scale) return undefined;
  const units = BigInt(`${parts[2]}${fraction}`);
  if (parts[1] === "-" && units === 0n) return undefined;
  if (units >= 10n ** BigInt(precision)) return undefined;
  return parts[1] === "-" ? -units : units;
}

/** The canonical text of a decimal given in units of its last digit. */
export function formatDecimal(units: bigint, scale: number): string {
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** True if a JSON value is a scalar of the type in wire form. Strings must be well formed Unicode without U+0000. */
export function isWireScalar(value: unknown, type: ScalarType): value is WireScalar {
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean";
    case "int":
      return typeof value === "number" && Number.isInteger(value) && value >= type.min && value <= type.max;
    case "duration":
      return typeof value === "number" && Number.isSafeInteger(value);
    case "decimal":
      return typeof value === "string" && decimalUnits(value, type.precision, type.scale) !== undefined;
    case "string":
    case "entity":
      return typeof value === "string" && isText(value);
    case "instant":
      return typeof value === "string" && instantSeconds(value) !== undefined;
    case "enum":
      return typeof value === "string" && type.values.includes(value);
    case "uuid":
      return typeof value === "string" && isUuid(value);
    case "ip":
      return typeof value === "string" && isIp(value);
    case "date":
      return typeof value === "string" && dateDays(value) !== undefined;
    case "time":
      return typeof value === "string" && timeMicros(value) !== undefined;
  }
}

/** True if a JSON value is a value of the type in wire form. */
export function isWireValue(value: unknown, type: ValueType): value is WireValue {
  if (type.kind !== "set") return isWireScalar(value, type);
  if (!Array.isArray(value)) return false;
  const of = type.of;
  // Spread, so that a hole is looked at as what it reads as.
  return [...(value as readonly unknown[])].every((item) => isWireScalar(item, of));
}

/** A string that every target can carry: well formed (no lone surrogate) and without U+0000. */
export function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes("\0");
}
