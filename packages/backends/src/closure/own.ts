/** Reading own keys of plain objects. Nothing is ever taken from a prototype. */

const { getPrototypeOf, hasOwn, prototype } = Object;
const { isArray } = Array;

/**
 * What every ordinary object inherits from. Code may have added keys to it, so that it is asked, with `in`, before a key is
 * taken for an object's own. The key is written where it is asked: the compiler then knows the answer.
 */
export const ordinaryPrototype: object = prototype;

/**
 * True for an object that inherits from {@link ordinaryPrototype} alone: a key that is not there is its own. Ask it of an
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
