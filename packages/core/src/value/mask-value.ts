/** What a mask leaves of a value, by its type: the meaning of every mask that needs no key. */
import { applyMask, type Mask } from "./mask.ts";
import type { ScalarType } from "./type.ts";
import { decimalUnits, formatDecimal, type WireScalar } from "./wire.ts";

/**
 * A value in wire form as the mask shows it; null where it shows nothing at all.
 * `bucket` rounds towards minus infinity and keeps the scale of a Decimal; it may leave the bounds of the type, and a whole
 * number beyond ±(2^53−1) is then a text.
 * `month` and `year` give the first day of the month or year, of an Instant its first microsecond, in UTC.
 * Throws a TypeError for masks that need a key (`token`, `hash`) and for those of other types.
 */
export function maskValue(mask: Mask, value: WireScalar, type: ScalarType): WireScalar | null {
  switch (mask.kind) {
    case "show":
      return value;
    case "hide":
      return null;
    case "initials":
    case "partial":
    case "partial_first":
    case "redact":
    case "token":
    case "hash":
      if (type.kind !== "string" || typeof value !== "string") throw wrongType(mask, type);
      return applyMask(mask, value);
    case "bucket":
      if (type.kind === "int" && typeof value === "number") {
        const floor = floorTo(BigInt(value), BigInt(mask.size));
        return Number.isSafeInteger(Number(floor)) ? Number(floor) : String(floor);
      }
      if (type.kind === "decimal") {
        const units = decimalUnits(String(value), type.precision, type.scale);
        if (units !== undefined)
          return formatDecimal(floorTo(units, BigInt(mask.size) * 10n ** BigInt(type.scale)), type.scale);
      }
      throw wrongType(mask, type);
    case "month":
    case "year": {
      if ((type.kind !== "date" && type.kind !== "instant") || typeof value !== "string")
        throw wrongType(mask, type);
      const day = mask.kind === "month" ? `${value.slice(0, 7)}-01` : `${value.slice(0, 4)}-01-01`;
      return type.kind === "date" ? day : `${day}T00:00:00.000000Z`;
    }
  }
}

function floorTo(value: bigint, size: bigint): bigint {
  return value - (((value % size) + size) % size);
}

function wrongType(mask: Mask, type: ScalarType): TypeError {
  return new TypeError(`${mask.kind} is not for a value of type ${type.kind}`);
}
