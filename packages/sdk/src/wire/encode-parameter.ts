/** Parameters as the server reads them: texts, or bytes in binary. What has no one form is refused, never guessed. */

/** Throws a TypeError for objects, symbols, functions and text that is not well formed. It shows no value. */
export function encodeParameter(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return Array.isArray(value) ? arrayText(value) : scalarText(value);
}

function scalarText(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  if (typeof value !== "string") throw new TypeError(`a parameter can't be of the type ${typeof value}`);
  // Else it would be stored as another text, with U+FFFD where it is broken.
  if (!value.isWellFormed()) throw new TypeError("a parameter is not well-formed text");
  return value;
}

function arrayText(items: readonly unknown[]): string {
  return `{${items.map(itemText).join(",")}}`;
}

function itemText(item: unknown): string {
  if (item === null || item === undefined) return "NULL";
  if (Array.isArray(item)) return arrayText(item);
  if (ArrayBuffer.isView(item))
    return `"\\\\x${Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString("hex")}"`;
  const text = item instanceof Date ? item.toISOString() : scalarText(item);
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
