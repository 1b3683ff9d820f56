/** Order of values in wire form, by their text, without big integers. Both sides must be canonical and of one scale. */
import type { CompareOp, ScalarType, WireScalar } from "@wardline/core";

/** Canonical decimals of one scale order by sign, then length, then text: −1, 0 or 1. */
export function orderDecimals(a: string, b: string): number {
  if (a === b) return 0;
  const negative = a.charCodeAt(0) === minus;
  if (negative !== (b.charCodeAt(0) === minus)) return negative ? -1 : 1;
  const smaller = a.length === b.length ? a < b : a.length < b.length;
  return smaller === negative ? 1 : -1;
}

const minus = 45;

/** Canonical instants, dates and times have one width and the largest unit first, so that their texts order as they do. */
export function orderTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

export function orderNumbers(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Below zero, zero or above it. */
export type Order = (a: WireScalar, b: WireScalar) => number;

/** The order of values of a type. Throws a TypeError for a type without one. */
export function orderOf(type: ScalarType): Order {
  switch (type.kind) {
    case "int":
    case "duration":
      return orderNumbers as Order;
    case "decimal":
      return orderDecimals as Order;
    case "instant":
    case "date":
    case "time":
      return orderTexts as Order;
    case "bool":
    case "string":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
      throw new TypeError(`values of type ${type.kind} have no order`);
  }
}

/** Which results of an order make a comparison true. */
export function compileAccepts(op: CompareOp): (order: number) => boolean {
  switch (op) {
    case "eq":
      return (order) => order === 0;
    case "lt":
      return (order) => order < 0;
    case "le":
      return (order) => order <= 0;
    case "gt":
      return (order) => order > 0;
    case "ge":
      return (order) => order >= 0;
  }
}

/** Whole seconds from 0000-03-01T00:00:00Z to a canonical instant. Source: H. Hinnant, `days_from_civil`. */
export function secondsOf(instant: string): number {
  const month = digits(instant, 5, 7);
  const year = digits(instant, 0, 4) - (month <= 2 ? 1 : 0);
  const day = Math.trunc((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + digits(instant, 8, 10) - 1;
  const days = year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + day;
  return (
    days * 86_400 + digits(instant, 11, 13) * 3600 + digits(instant, 14, 16) * 60 + digits(instant, 17, 19)
  );
}

/** The microseconds of a canonical instant within its second. */
export function microsOf(instant: string): number {
  return digits(instant, 20, 26);
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}

/** Orders two instants, each moved by some microseconds: −1, 0 or 1. Exact, though the sums are not safe integers. */
export function orderMoved(a: string, aOffset: number, b: string, bOffset: number): number {
  const [aWhole, bWhole] = [Math.floor(aOffset / 1e6), Math.floor(bOffset / 1e6)];
  const seconds = secondsOf(a) + aWhole - (secondsOf(b) + bWhole);
  const micros = microsOf(a) + (aOffset - aWhole * 1e6) - (microsOf(b) + (bOffset - bWhole * 1e6));
  // Each side has less than two seconds' worth of microseconds left.
  if (seconds > 2 || seconds < -2) return seconds < 0 ? -1 : 1;
  return orderNumbers(seconds * 1e6 + micros, 0);
}
