/**
 * Small decoders from an unknown value to a frozen copy of a known shape. They accept exactly what they name:
 * a key too many or too few, a hole in an array, an odd prototype are refused. They never hand on the input's objects.
 */
import { isText } from "./wire.ts";

/** Where in the document a value stands; written as a JSON path when something is refused. */
export interface Place {
  readonly up: Place | null;
  readonly key: string | number;
}

export const root: Place = { up: null, key: "$" };

/** Thrown by decoders and checks, caught by whoever called them: it never leaves a loader. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

export function refuse(at: Place, message: string): never {
  throw new Refusal(`${formatPlace(at)}: ${message}`);
}

/** The place of a key or an element, from one place down. */
export function under(at: Place, ...keys: readonly (string | number)[]): Place {
  return keys.reduce<Place>((up, key) => ({ up, key }), at);
}

function formatPlace(at: Place): string {
  if (at.up === null) return String(at.key);
  return formatPlace(at.up) + (typeof at.key === "number" ? `[${at.key}]` : `.${at.key}`);
}

export type Decoder<T> = (value: unknown, at: Place) => T;

/** For a key that may be left out. It stands for something where it is there: never null or undefined. */
export interface Optional<T> {
  readonly optional: Decoder<T>;
}

export function optional<T>(decode: Decoder<T>): Optional<T> {
  return { optional: decode };
}

export type Shape<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K>
    ? Optional<Exclude<T[K], undefined>>
    : Decoder<T[K]>;
};

/** An object with exactly these keys. */
export function record<T extends object>(shape: Shape<T>): Decoder<T> {
  const entries = Object.entries<Decoder<unknown> | Optional<unknown>>(shape);
  const known = new Set<PropertyKey>(entries.map(([key]) => key));
  if (known.has("__proto__")) throw new TypeError("no key of a record is called __proto__");
  return (value, at) => {
    const object = plainObject(value, at);
    for (const key of Reflect.ownKeys(object))
      if (!known.has(key)) refuse(at, `the key ${JSON.stringify(String(key))} is not known here`);
    const copy: Record<string, unknown> = {};
    for (const [key, decode] of entries) {
      const isThere = Object.hasOwn(object, key);
      if (typeof decode === "function") {
        if (!isThere) refuse(at, `the key "${key}" is missing`);
        copy[key] = decode(object[key], { up: at, key });
      } else if (isThere) copy[key] = decode.optional(object[key], { up: at, key });
    }
    return Object.freeze(copy) as T;
  };
}

/** One of several records, told apart by the text under `tag`. */
export function tagged<Tag extends string, T extends Readonly<Record<Tag, string>>>(
  tag: Tag,
  variants: { readonly [K in T[Tag]]: Shape<Omit<Extract<T, Readonly<Record<Tag, K>>>, Tag>> },
): Decoder<T> {
  const decoders = new Map<unknown, Decoder<object>>();
  for (const [name, shape] of Object.entries<Shape<object>>(variants))
    decoders.set(name, record<object>({ [tag]: literal(name), ...shape }));
  return (value, at) => {
    const object = plainObject(value, at);
    if (!Object.hasOwn(object, tag)) refuse(at, `the key "${tag}" is missing`);
    const decode = decoders.get(object[tag]);
    if (decode === undefined) refuse(under(at, tag), `must be one of ${[...decoders.keys()].join(", ")}`);
    return decode(value, at) as T;
  };
}

export function list<T>(item: Decoder<T>): Decoder<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) refuse(at, "must be an array");
    if (Reflect.ownKeys(value).length !== value.length + 1) refuse(at, "must be an array without holes");
    return Object.freeze(value.map((element: unknown, index) => item(element, { up: at, key: index })));
  };
}

/** A list that stands there only where it holds something. */
export function someOf<T>(item: Decoder<T>): Decoder<readonly T[]> {
  const decode = list(item);
  return (value, at) => {
    const items = decode(value, at);
    return items.length > 0 ? items : refuse(at, "must not be empty");
  };
}

/** An object whose keys are names that the document chooses. */
export function dictionary<T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, at) => {
    const object = plainObject(value, at);
    const keys = Reflect.ownKeys(object);
    const copy = keys.map((key): [string, T] => [
      name(key, at),
      item(object[String(key)], under(at, String(key))),
    ]);
    return Object.freeze(Object.fromEntries(copy));
  };
}

export function nullable<T>(decode: Decoder<T>): Decoder<T | null> {
  return (value, at) => (value === null ? null : decode(value, at));
}

export function literal<T extends string>(...texts: readonly T[]): Decoder<T> {
  return (value, at) => {
    const found = texts.find((text) => text === value);
    return found ?? refuse(at, `must be ${texts.map((text) => JSON.stringify(text)).join(" or ")}`);
  };
}

export const bool: Decoder<boolean> = (value, at) =>
  typeof value === "boolean" ? value : refuse(at, "must be true or false");

/** A whole number in a range, exact in JSON. Minus zero becomes zero. */
export function integer(min: number, max: number): Decoder<number> {
  return (value, at) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max
      ? value + 0
      : refuse(at, `must be a whole number from ${min} to ${max}`);
}

/** An index; whether it is in range is the checks' business. */
export const index: Decoder<number> = integer(0, 2 ** 31 - 1);

/** Any text that every target can carry. */
export const text: Decoder<string> = (value, at) =>
  typeof value === "string" && isText(value) ? value : refuse(at, "must be well formed text");

/** A text of one line, not empty: what reports and comments may print as it is. */
export const line: Decoder<string> = (value, at) =>
  typeof value === "string" && isText(value) && /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u.test(value)
    ? value
    : refuse(at, "must be a text of one line");

/** A name as the language spells it. */
export const name: Decoder<string> = (value, at) =>
  typeof value === "string" && /^[A-Za-z][A-Za-z0-9_]*$/.test(value) ? value : refuse(at, "must be a name");

function plainObject(value: unknown, at: Place): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(at, "must be an object");
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) refuse(at, "must be a plain object");
  return value as Readonly<Record<string, unknown>>;
}
