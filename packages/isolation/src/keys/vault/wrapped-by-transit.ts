/**
 * What the transit engine wraps, as bytes with one form: the engine itself takes a text in many, so that a byte may change and it still
 * unwraps. Head, version, and what stands after `vault:vN:`.
 */

/** "WVT" and the version of the form. */
const magic = Buffer.from([0x57, 0x56, 0x54, 0x01]);
const headerLength = magic.length + 4;
/** Nonce, 32 bytes in base64 or as they are, tag: what is shorter is none, and Vault gets nothing that is longer. */
const leastLength = 12 + 16;
const mostLength = 4096;

/** Undefined for a text that is none of the engine's. */
export function parseTransitText(text: unknown): Buffer | undefined {
  const [, number, encoded] =
    (typeof text === "string" && /^vault:v([1-9]\d{0,8}):([A-Za-z0-9+/]+={0,2})$/.exec(text)) || [];
  if (number === undefined || encoded === undefined) return undefined;
  const body = Buffer.from(encoded, "base64");
  if (body.toString("base64") !== encoded || body.length < leastLength || body.length > mostLength)
    return undefined;
  const header = Buffer.alloc(headerLength);
  magic.copy(header);
  header.writeUInt32BE(Number(number), magic.length);
  return Buffer.concat([header, body]);
}

/** Undefined for bytes that are not of this form. */
export function formatTransitText(wrapped: Uint8Array): string | undefined {
  const bytes = Buffer.from(wrapped.buffer, wrapped.byteOffset, wrapped.length);
  if (bytes.length < headerLength + leastLength || bytes.length > headerLength + mostLength) return undefined;
  if (!bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const version = bytes.readUInt32BE(magic.length);
  if (version === 0 || version > 999_999_999) return undefined;
  return `vault:v${version}:${bytes.subarray(headerLength).toString("base64")}`;
}
