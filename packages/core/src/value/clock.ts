/** Time in a tenant's zone, as rules read it under `clock`. The zone's rules come with the runtime (IANA tz database). */
import type { ScalarType } from "./type.ts";
import { instantMicros } from "./wire.ts";

export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

/** The type of `clock.weekday`. It is declared by the language, not by a model. */
export const weekdayType: Extract<ScalarType, { kind: "enum" }> = {
  kind: "enum",
  name: "Weekday",
  values: weekdays,
};

export interface Clock {
  /** `HH:MM:SS.ffffff` */
  readonly time: string;
  readonly hour: number;
  readonly weekday: (typeof weekdays)[number];
}

/** True for the name of a time zone that this runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    weekday: "long",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  formats.set(timeZone, made);
  return made;
}

/** The clock at an instant in wire form. Throws a RangeError for what is no instant, or no zone. */
export function clockAt(instant: string, timeZone: string): Clock {
  const micros = instantMicros(instant);
  if (micros === undefined) throw new RangeError("not an instant in wire form");
  const millis = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n);
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(new Date(Number(millis)))
      .map((part) => [part.type, part.value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? "";
  const weekday = weekdays.find((day) => day === part("weekday").toLowerCase());
  if (weekday === undefined) throw new RangeError("the runtime names no day of the week");
  const fraction = String(((micros % 1_000_000n) + 1_000_000n) % 1_000_000n).padStart(6, "0");
  return {
    time: `${part("hour")}:${part("minute")}:${part("second")}.${fraction}`,
    hour: Number(part("hour")),
    weekday,
  };
}

/**
 * The instant at which a zone's clock shows a time of day on a day; both in wire form. Where the clock is put forward
 * over it the time is shown as if it had not been; where it comes twice the first is meant.
 */
export function instantOfLocal(day: string, time: string, timeZone: string): string {
  const wanted = instantMicros(`${day}T${time}Z`);
  if (wanted === undefined) throw new RangeError("no such day or time");
  // The zone is at most a day away from UTC; its offset can change in between, so that it is looked up twice.
  const first = wanted - offsetAt(wanted, timeZone);
  const second = wanted - offsetAt(first, timeZone);
  const earlier = first < second ? first : second;
  return instantText(wanted - offsetAt(earlier, timeZone) === earlier ? earlier : second);
}

/** How far a zone is ahead of UTC at an instant, in microseconds. */
function offsetAt(micros: bigint, timeZone: string): bigint {
  const seconds = micros / 1_000_000n;
  const parts = new Map(
    dayFormatOf(timeZone)
      .formatToParts(new Date(Number(seconds) * 1000))
      .map((part) => [part.type, Number(part.value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const shown = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return BigInt(shown) * 1000n - seconds * 1_000_000n;
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();

function dayFormatOf(timeZone: string): Intl.DateTimeFormat {
  const known = dayFormats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  dayFormats.set(timeZone, made);
  return made;
}

function instantText(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const millis = Number((micros - fraction) / 1000n);
  return `${new Date(millis).toISOString().slice(0, 19)}.${String(fraction).padStart(6, "0")}Z`;
}
