/** Values, names and lists in a sentence. */
import { orText, plain } from "../../plain-words.ts";
import type { Picker, SlotValue } from "../card.ts";

export const durationUnits = {
  s: "second",
  m: "minute",
  h: "hour",
  d: "day",
  w: "week",
  ms: "millisecond",
  us: "microsecond",
};
export const periodUnits = { d: "day", w: "week", mo: "month", y: "year" };
const unitWords: Readonly<Record<string, string>> = { ...durationUnits, ...periodUnits };

/** A value in a sentence. */
export function shownValue(picker: Picker, value: SlotValue): string {
  if (typeof value !== "string") {
    const of = picker.kind === "list" ? picker.of : picker;
    const one = (text: string) =>
      of.kind === "time_range" ? text.replace("..", " to ") : shownValue(of, text);
    // A list may be empty, and a sentence says so.
    return value.length === 0 ? "nothing" : orText(value.map(one));
  }
  switch (picker.kind) {
    case "number":
      return shownNumber(value);
    case "duration":
      return shownDuration(value);
    case "time_range":
      return value.replace("..", " and ");
    case "text":
      return `“${value}”`;
    case "entity":
      return value === nobody ? "one that is not chosen yet" : `“${value}”`;
    case "one":
      return plain(value);
    case "instant":
      return shownInstant(value);
    case "date":
    case "address":
    case "uuid":
    case "name":
    case "time":
    case "many":
    case "who":
    case "list":
    case "reference":
      return value;
  }
}

/** The id of nobody and nothing, which a new condition names until somebody chooses. */
export const nobody = "00000000-0000-0000-0000-000000000000";

/** `2026-01-05T09:00:00Z` → `2026-01-05 09:00 UTC` */
function shownInstant(text: string): string {
  const [, day, time, seconds = "", zone = ""] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)((?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  if (day === undefined) return text;
  return `${day} ${time}${seconds === ":00" ? "" : seconds} ${zone === "Z" ? "UTC" : zone}`;
}

export function shownNumber(text: string): string {
  const [whole = "", fraction] = text.replaceAll("_", "").split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `15m` → `15 minutes` */
export function shownDuration(text: string): string {
  const [, count = "", unit = ""] = /^([\d_]+)([a-z]+)$/.exec(text) ?? [];
  const word = unitWords[unit];
  return word === undefined ? text : `${shownNumber(count)} ${word}${count === "1" ? "" : "s"}`;
}
