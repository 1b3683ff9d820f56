/** Functions that a policy calls: each is written once, and only where something calls it. */
import type { ScalarType } from "@wardline/core";
import { rule } from "./text.ts";

export interface Functions {
  /** Sees to it that the text of a function, with its comment, is written. */
  readonly need: (name: string, text: string) => string;
  /** The texts that were asked for, by name. */
  readonly definitions: () => readonly string[];
}

export function createFunctions(): Functions {
  const needed = new Map<string, string>();
  return {
    need: (name, text) => {
      needed.set(name, text);
      return name;
    },
    definitions: () => [...needed].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text),
  };
}

/** Decimals of so many digits are exact as OPA's numbers, which it may round to 64 bits when it compares them. */
const mostDigits = 18;

/** A term that orders as the value does: of the value's term, or of the constant that a number is. */
export function orderOf(type: ScalarType, value: string, constant?: string): string {
  switch (type.kind) {
    case "int":
    case "duration":
    // Canonical instants, days and times order as texts.
    case "instant":
    case "date":
    case "time":
      return value;
    case "decimal":
      if (type.precision > mostDigits)
        throw new TypeError(`a decimal of ${type.precision} digits is not compared exactly`);
      return constant ?? `to_number(${value})`;
    case "bool":
    case "string":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
      throw new TypeError(`values of type ${type.kind} have no order`);
  }
}

/** A term that is an instant as microseconds since the year 1. */
export function instantMicros(functions: Functions, instant: string): string {
  functions.need("digits", digits);
  return `${functions.need("microseconds", microseconds)}(${instant})`;
}

const digits = `# The number that some digits are. A number may not begin with 0, so they are read behind a 1, which counts as the power
digits(text, start, length, power) := to_number(concat("", ["1", substring(text, start, length)])) - power`;

const microseconds = [
  "# An instant as microseconds since the year 1: proleptic Gregorian calendar, no leap seconds",
  rule(
    "microseconds(instant) := sum([days * 86400000000, hour * 3600000000, minute * 60000000, second * 1000000, micros])",
    [
      "years := digits(instant, 0, 4, 10000) - 1",
      "month := digits(instant, 5, 2, 100)",
      "leaps := (floor(years / 4) - floor(years / 100)) + floor(years / 400)",
      "before := [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1]",
      "leap_day := count([1 | month > 2; is_leap(years + 1)])",
      "days := sum([years * 365, leaps, before, leap_day, digits(instant, 8, 2, 100)])",
      "hour := digits(instant, 11, 2, 100)",
      "minute := digits(instant, 14, 2, 100)",
      "second := digits(instant, 17, 2, 100)",
      "micros := digits(instant, 20, 6, 1000000)",
    ],
  ),
  "",
  rule("is_leap(year)", ["year % 4 == 0", "year % 100 != 0"]),
  "",
  rule("is_leap(year)", ["year % 400 == 0"]),
].join("\n");
