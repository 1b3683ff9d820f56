/** Parts as one message in one way only: each after its length in bytes (32 bits, big-endian), so that no boundary can move. */

export function lengthPrefixed(...parts: readonly Uint8Array[]): Buffer {
  const message = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + 4 + part.length, 0));
  let at = 0;
  for (const part of parts) {
    at = message.writeUInt32BE(part.length, at);
    message.set(part, at);
    at += part.length;
  }
  return message;
}

/** A text as its UTF-8. A lone surrogate has none: it would be encoded as another character. Throws a RangeError. */
export function text(value: string): Buffer {
  if (!value.isWellFormed()) throw new RangeError("the text is not well-formed");
  return Buffer.from(value, "utf8");
}
