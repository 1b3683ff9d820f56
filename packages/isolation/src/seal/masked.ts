/** What a mask may stand over, as a type of its own; and the ways from there to plain texts, which somebody must write. */

declare const masked: unique symbol;

/**
 * A cell of a column that some policy masks: the value itself, or what its mask leaves of it, and nothing tells which. It is a plain
 * text or number and prints as one, but to the compiler neither: it is not written back, and not compared with a whole value, unless
 * somebody says so by {@link shown} or {@link asShown}.
 */
export interface Masked<T extends string | number> {
  readonly [masked]: T;
  toString(): string;
  valueOf(): T;
}

/** A type with plain values in place of masked ones. */
export type Shown<Value> = Value extends Masked<infer T> ? T : Value;

/** The text or number that a cell shows, as a plain one: whole, or as its mask leaves it. */
export function shown<Value>(value: Value): Shown<Value> {
  return value as Shown<Value>;
}

/** A value as the caller may be shown it, to compare a masked column with: `where("name", "=", asShown("A. L."))`. */
export function asShown<T extends string | number>(value: T): Masked<T extends string ? string : number> {
  return value as unknown as Masked<T extends string ? string : number>;
}
