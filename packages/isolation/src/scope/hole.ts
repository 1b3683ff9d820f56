/**
 * Stands in a query tree where a caller's value stood, so that a plan is made without the value and serves any of its kind. No
 * caller can put one there: a snapshot holds plain data alone. What does not know holes refuses them as values of no kind.
 */
import { isText } from "@wardline/core";

/**
 * What is known of the value. `place`: a whole number from 0 that fits in 32 bits; `count`: another whole number from 0;
 * `number`: any other.
 */
export type HoleKind = "text" | "place" | "count" | "number" | "list";

export class Hole {
  readonly index: number;
  readonly kind: HoleKind;

  constructor(index: number, kind: HoleKind) {
    this.index = index;
    this.kind = kind;
    Object.freeze(this);
  }
}

/** The most values in a list that is one parameter; the protocol ends at 65,535 parameters. */
export const maxList = 10_000;

/** The kind of a value that may be one of a hole; null for one on which the text may depend, or that may be refused. */
export function holeKind(value: unknown): HoleKind | null {
  if (typeof value === "string") return isText(value) ? "text" : null;
  if (typeof value === "bigint") return value < 0n ? "number" : "count";
  if (typeof value !== "number") return Array.isArray(value) && isPlainList(value) ? "list" : null;
  if (!Number.isFinite(value)) return null;
  if (!Number.isSafeInteger(value) || value < 0) return "number";
  return value < 2 ** 31 ? "place" : "count";
}

function isPlainList(values: readonly unknown[]): boolean {
  return (
    values.length <= maxList &&
    values.every((item) => typeof item === "boolean" || (!Array.isArray(item) && holeKind(item) !== null))
  );
}

/** The value as it becomes a parameter: the driver of the embedded database carries no bigint. */
export function holeValue(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return Array.isArray(value) ? value.map(holeValue) : value;
}
