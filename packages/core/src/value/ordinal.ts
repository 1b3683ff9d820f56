/** Ordered values as whole numbers and back, so that the values just below and just above one can be found. */
import { maxInt, type ScalarType } from "./type.ts";
import { dateDays, decimalUnits, formatDecimal, instantMicros, timeMicros, type WireScalar } from "./wire.ts";

/** A whole number that orders as the value does, or undefined for a type without order. */
export function ordinalOf(value: WireScalar, type: ScalarType): bigint | undefined {
  switch (type.kind) {
    case "int":
    case "duration":
      return BigInt(value);
    case "decimal":
      return decimalUnits(String(value), 18, type.scale);
    case "instant":
      return instantMicros(String(value));
    case "date": {
      const days = dateDays(String(value));
      return days === undefined ? undefined : BigInt(days);
    }
    case "time": {
      const micros = timeMicros(String(value));
      return micros === undefined ? undefined : BigInt(micros);
    }
    case "bool":
    case "string":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
      return undefined;
  }
}

const dayMicros = 86_400_000_000n;
/** 0001-01-01 and 9999-12-31 as days since 1970-01-01. */
const [firstDay, lastDay] = [-719_162n, 2_932_896n];

/** The least and the greatest value of a type, as whole numbers. */
export function ordinalBounds(type: ScalarType): readonly [bigint, bigint] | undefined {
  switch (type.kind) {
    case "int":
      return [BigInt(type.min), BigInt(type.max)];
    case "duration":
      return [-BigInt(maxInt), BigInt(maxInt)];
    case "decimal": {
      const most = 10n ** BigInt(type.precision) - 1n;
      return [-most, most];
    }
    case "instant":
      return [firstDay * dayMicros, (lastDay + 1n) * dayMicros - 1n];
    case "date":
      return [firstDay, lastDay];
    case "time":
      return [0n, dayMicros - 1n];
    case "bool":
    case "string":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
      return undefined;
  }
}

/** The value of a type that a whole number stands for; undefined where the type has none such. */
export function valueAtOrdinal(ordinal: bigint, type: ScalarType): WireScalar | undefined {
  const bounds = ordinalBounds(type);
  if (bounds === undefined || ordinal < bounds[0] || ordinal > bounds[1]) return undefined;
  switch (type.kind) {
    case "int":
    case "duration":
      return Number(ordinal);
    case "decimal":
      return formatDecimal(ordinal, type.scale);
    case "instant": {
      const micros = modulo(ordinal, dayMicros);
      return `${dateText((ordinal - micros) / dayMicros)}T${timeText(micros)}Z`;
    }
    case "date":
      return dateText(ordinal);
    case "time":
      return timeText(ordinal);
    case "bool":
    case "string":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
      return undefined;
  }
}

function modulo(a: bigint, b: bigint): bigint {
  return ((a % b) + b) % b;
}

function timeText(micros: bigint): string {
  const digits = (value: bigint, count: number) => value.toString().padStart(count, "0");
  const seconds = micros / 1_000_000n;
  const [hour, minute] = [seconds / 3600n, (seconds / 60n) % 60n];
  return `${digits(hour, 2)}:${digits(minute, 2)}:${digits(seconds % 60n, 2)}.${digits(micros % 1_000_000n, 6)}`;
}

/** Source: H. Hinnant, "chrono-compatible low-level date algorithms" (civil_from_days). */
function dateText(days: bigint): string {
  const z = Number(days) + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365,
  );
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const day = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  const digits = (value: number, count: number) => String(value).padStart(count, "0");
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}
