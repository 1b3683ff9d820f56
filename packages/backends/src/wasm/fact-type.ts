/** How values of a type are kept: as text, or as a whole number of their smallest unit. */
import {
  formatType,
  isWireScalar,
  maxInt,
  ordinalOf,
  sameType,
  type ScalarType,
  type WireScalar,
} from "@wardline/core";

export type Family = "text" | "number";

export function familyOf(type: ScalarType): Family {
  switch (type.kind) {
    case "bool":
    case "int":
    case "duration":
    case "decimal":
    case "instant":
    case "date":
    case "time":
      return "number";
    case "string":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
      return "text";
  }
}

/** The kinds of runtime/slots.ts. */
export function factKind(type: ScalarType): number {
  switch (type.kind) {
    case "bool":
      return 0;
    case "int":
    case "duration":
      return 1;
    case "decimal":
      return 2;
    case "instant":
      return 3;
    case "date":
      return 4;
    case "time":
      return 5;
    case "string":
    case "entity":
      return 6;
    case "enum":
      return 7;
    case "uuid":
      return 8;
    case "ip":
      return 9;
  }
}

export const pairsKind = 10;

/** The least and the greatest number of a type that is kept as numbers. */
export function boundsOf(type: ScalarType): { readonly min: bigint; readonly max: bigint } {
  if (type.kind === "int") {
    if (!Number.isSafeInteger(type.min) || !Number.isSafeInteger(type.max))
      throw new RangeError(`${formatType(type)} has bounds that are no Int`);
    return { min: BigInt(type.min), max: BigInt(type.max) };
  }
  if (type.kind === "duration") return { min: BigInt(-maxInt), max: BigInt(maxInt) };
  if (type.kind === "decimal") {
    const { precision, scale } = type;
    if (
      !Number.isInteger(precision) ||
      precision > 18 ||
      !Number.isInteger(scale) ||
      scale < 0 ||
      scale > precision
    )
      throw new RangeError(`${formatType(type)} is no Decimal that can be computed with`);
    const max = 10n ** BigInt(precision) - 1n;
    return { min: -max, max };
  }
  return { min: 0n, max: 0n };
}

/** A constant of a type kept as numbers. Throws if it is not one. */
export function numberOf(value: WireScalar, type: ScalarType): bigint {
  if (isWireScalar(value, type)) {
    if (type.kind === "bool") return value === true ? 1n : 0n;
    const units = ordinalOf(value, type);
    if (units !== undefined) return units;
  }
  throw new TypeError(`a constant is no ${formatType(type)}`);
}

/** A constant of a type kept as text. Throws if it is not one. */
export function textOf(value: WireScalar, type: ScalarType): string {
  if (typeof value === "string" && familyOf(type) === "text" && isWireScalar(value, type)) return value;
  throw new TypeError(`a constant is no ${formatType(type)}`);
}

/** The family of two types that are compared. Throws unless equal values are kept equally in both. */
export function commonFamily(a: ScalarType, b: ScalarType): Family {
  const family = familyOf(a);
  if (family !== familyOf(b) || (family === "number" && !sameType(a, b)))
    throw new TypeError(`${formatType(a)} and ${formatType(b)} are not compared`);
  return family;
}
