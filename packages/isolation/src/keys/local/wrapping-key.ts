/** One wrapping key of a tenant, with its versions, and what it does to keys: AES-256-GCM under the encryption context. */
import { randomBytes, type KeyObject } from "node:crypto";
import { gcmDecrypt, gcmEncrypt, tagLength } from "../../seal/primitives.ts";
import type { KeyContext } from "../key-provider.ts";

export interface WrappingVersion {
  readonly version: number;
  readonly key: KeyObject;
}

/** Versions ascend, and there is one. Of a destroyed key nothing is left but that it was. */
export type WrappingKey =
  | { readonly state: "usable" | "disabled"; readonly versions: readonly WrappingVersion[] }
  | { readonly state: "destroyed" };

/** "WLK" and the version of the form. */
const magic = Buffer.from([0x57, 0x4c, 0x4b, 0x01]);
const headerLength = magic.length + 4;
const nonceLength = 12;
const wrappedLength = headerLength + nonceLength + 32 + tagLength;

/** Header (the form, and the version of the wrapping key), nonce, ciphertext and tag. */
export function wrapKey(versions: readonly WrappingVersion[], context: KeyContext, key: Uint8Array): Buffer {
  const newest = versions.at(-1);
  if (newest === undefined || key.length !== 32) throw new RangeError("a key of 32 bytes is wrapped by one");
  const header = Buffer.alloc(headerLength);
  magic.copy(header);
  header.writeUInt32BE(newest.version, magic.length);
  const nonce = randomBytes(nonceLength);
  return Buffer.concat([
    header,
    nonce,
    withBytes(newest.key, (bytes) => gcmEncrypt(bytes, nonce, formatContext(header, context), key)),
  ]);
}

/** 32 bytes, or undefined for what was not wrapped so by one of these versions. */
export function unwrapKey(
  versions: readonly WrappingVersion[],
  context: KeyContext,
  wrapped: Uint8Array,
): Buffer | undefined {
  if (wrapped.length !== wrappedLength) return undefined;
  const bytes = Buffer.from(wrapped.buffer, wrapped.byteOffset, wrapped.length);
  if (!bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const header = bytes.subarray(0, headerLength);
  // The wrapping key is the tenant's; the number only says which version of it.
  const version = versions.find((one) => one.version === header.readUInt32BE(magic.length));
  if (version === undefined) return undefined;
  const nonce = bytes.subarray(headerLength, headerLength + nonceLength);
  const body = bytes.subarray(headerLength + nonceLength);
  return withBytes(version.key, (key) => gcmDecrypt(key, nonce, formatContext(header, context), body));
}

/** `header` may be empty. Each part after its length in bytes, so that no two contexts have one encoding. */
export function formatContext(header: Uint8Array, { tenant, purpose, version }: KeyContext): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(version);
  const texts = ["wardline/wrap/1", tenant, purpose].map((text) => Buffer.from(text, "utf8"));
  return Buffer.concat(
    [header, ...texts, number].flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}

function withBytes<T>(key: KeyObject, use: (bytes: Buffer) => T): T {
  const bytes = key.export();
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
}
