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
