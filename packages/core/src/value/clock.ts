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
