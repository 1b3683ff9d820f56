/** Parts as one message in one way only: each after its length in bytes (32 bits, big-endian), so that no boundary can move. */

/** Texts stand as their UTF-8. A lone surrogate has none, and would be encoded as another character: throws a RangeError. */
export function lengthPrefixed(...parts: readonly (Uint8Array | string)[]): Buffer {
  const lengths = parts.map((part) =>
    typeof part === "string" ? Buffer.byteLength(part, "utf8") : part.length,
  );
  const message = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, 0));
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const length = lengths[index] as number;
    at = message.writeUInt32BE(length, at);
    if (typeof part !== "string") message.set(part, at);
    else if (part.isWellFormed()) message.write(part, at, length, "utf8");
    else throw new RangeError("the text is not well-formed");
    at += length;
  }
  return message;
}
