/** A text for plain data that no other data has: every part says what it is and how long it is, or where it ends. */

/** Null for what is no plain data: functions, symbols, numbers that are none, and objects that are more than their own entries. */
export function structureKey(value: unknown): string | null {
  switch (typeof value) {
    case "string":
      return textKey(value);
    case "number":
      if (!Number.isFinite(value)) return null;
      return Object.is(value, -0) ? "-0;" : `${value};`;
    case "bigint":
      return `${value}n`;
    case "boolean":
      return value ? "T" : "F";
    case "undefined":
      return "U";
    case "object":
      if (value === null) return "N";
      return Array.isArray(value) ? arrayKey(value) : objectKey(value);
    case "function":
    case "symbol":
      return null;
  }
}

/** The keys of data that can never change, by the object. */
const lasting = new WeakMap<object, string>();

/** The same key, kept for what is frozen in all its parts. */
export function lastingKey(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return structureKey(value);
  const kept = lasting.get(value);
  if (kept !== undefined) return kept;
  // Invariant: frozen before it is read, so that nothing comes between.
  const stays = isFrozenData(value);
  const key = structureKey(value);
  if (stays && key !== null) lasting.set(value, key);
  return key;
}

/** A frozen property that holds a value has that value for ever; one with a getter may answer anything. */
function isFrozenData(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (!Object.isFrozen(value)) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (property) => Object.hasOwn(property, "value") && isFrozenData(property.value),
  );
}

export function textKey(text: string): string {
  return `${text.length}"${text}`;
}

function arrayKey(values: readonly unknown[]): string | null {
  let key = "[";
  // By place, so that a hole is seen as what it reads as.
  for (let index = 0; index < values.length; index += 1) {
    const of = structureKey(values[index]);
    if (of === null) return null;
    key += of;
  }
  return `${key}]`;
}

function objectKey(value: object): string | null {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return null;
  const entries = Object.entries(value);
  if (Object.getOwnPropertyNames(value).length !== entries.length) return null;
  let key = "{";
  for (const [name, part] of entries) {
    const of = structureKey(part);
    if (of === null) return null;
    key += textKey(name) + of;
  }
  return `${key}}`;
}
