/** The order of values in wire form by their texts, without big numbers. Both sides are canonical, and of one scale. */
import type { CompareOp, ScalarType, WireScalar } from "@wardline/core";

/** Below zero, zero or above it. */
export type Order = (a: WireScalar, b: WireScalar) => number;

/** Throws a TypeError for a type without order. */
export function orderOf(type: ScalarType): Order {
  switch (type.kind) {
    case "int":
    case "duration":
      return (a, b) => (a as number) - (b as number);
    case "decimal":
      return (a, b) => orderDecimals(a as string, b as string);
    case "instant":
    case "date":
    case "time":
      // Of one width, with the largest unit first.
      return (a, b) => (a === b ? 0 : a < b ? -1 : 1);
    case "bool":
    case "string":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
      throw new TypeError(`values of type ${type.kind} have no order`);
  }
}

/** By sign, then length, then text. */
function orderDecimals(a: string, b: string): number {
  if (a === b) return 0;
  const isNegative = a.startsWith("-");
  if (isNegative !== b.startsWith("-")) return isNegative ? -1 : 1;
  const isSmaller = a.length === b.length ? a < b : a.length < b.length;
  return isSmaller === isNegative ? 1 : -1;
}

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
