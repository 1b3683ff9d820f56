/** The value of an own key of a plain object; undefined if there is none. Nothing is ever read from a prototype. */
export function ownValue(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
