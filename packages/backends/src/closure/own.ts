/** Reading own keys of plain objects. Nothing is ever taken from a prototype. */

const { getPrototypeOf, hasOwn, prototype } = Object;
const { isArray } = Array;

/** True for a key that every ordinary object inherits, because code has added it to `Object.prototype`. */
export function isInherited(key: string): boolean {
  return key in prototype;
}

/**
 * True for an object that inherits from `Object.prototype` alone: a key that is not inherited there is its own. Ask it of an
 * object after a key was read from it: its shape is then known to the optimising compiler and the question costs nothing.
 */
export function isOrdinary(object: object): boolean {
  return getPrototypeOf(object) === prototype && !isArray(object);
}

/** The value if it is an object that is no array; null if not. */
export function plainObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && !isArray(value)
    ? (value as Readonly<Record<string, unknown>> | null)
    : null;
}

/** The value of an own key of a plain object; undefined if there is none. */
export function ownValue(value: unknown, key: string): unknown {
  const object = plainObject(value);
  return object !== null && hasOwn(object, key) ? object[key] : undefined;
}
