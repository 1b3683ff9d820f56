/**
 * The sealed form of a cell, as `docs/spec/envelope.md` says it: committing, bound to its place, one key a message.
 * Opening gives authentic text or a failure; it never gives back what it was given.
 */
import { timingSafeEqual } from "node:crypto";
import type { SealedPlace } from "../contracts.ts";
import type { SealBrokenCode } from "../errors.ts";
import { lengthPrefixed } from "./length-prefixed.ts";
import { pad, paddedLength, unpad, type Padding } from "./padding.ts";
import { gcmDecrypt, gcmEncrypt, hmacSha512, sha256, tagLength } from "./primitives.ts";
import type { SealingKeys } from "./sealing-keys.ts";

/** "WLS"; behind it stands the version of the format, which says whether the text is padded. */
const magic = Buffer.from([0x57, 0x4c, 0x53]);
const formats: Readonly<Record<Padding, number>> = { none: 2, padme: 3 };
export const headerLength = 8;
export const saltLength = 32;
export const commitmentLength = 32;
/** What sealing adds to the bytes of the text, beside its padding. */
export const overhead = headerLength + saltLength + commitmentLength + tagLength;
/** The longest text, in bytes of UTF-8. */
export const maxPlaintext = 16 * 1024 * 1024;
export const longestEnvelope = overhead + paddedLength(maxPlaintext);

const domain = Buffer.from("wardline/seal/1\0", "utf8");
/** Every message has a key of its own, so that its one nonce may be fixed. */
const zeroNonce = Buffer.alloc(12);

/** Where a message stands, and what kind it is: a cell of a table, the personal part of an entry of the audit log, or what goes on with a challenge. */
export interface BoundPlace extends SealedPlace {
  readonly tenant: string;
  readonly purpose: "field" | "audit" | "challenge";
}

/**
 * Header, salt, commitment, ciphertext and tag. `random`: 32 fresh bytes. If they ever repeat, a message can repeat
 * and no key meets two messages.
 */
export function sealEnvelope(
  keys: SealingKeys,
  place: BoundPlace,
  plaintext: Uint8Array,
  random: Uint8Array,
  padding: Padding = "none",
): Buffer {
  if (plaintext.length > maxPlaintext) throw new RangeError("the text is longer than a sealed cell can be");
  if (random.length !== 32) throw new RangeError("a salt is made from 32 random bytes");
  const header = formatHeader(formats[padding], keys.version);
  const body = padding === "none" ? plaintext : pad(plaintext);
  const aad = formatAad(header, place);
  const digest = sha256(aad);
  const salt = hmacSha512(keys.hedge, random, digest, body).subarray(0, saltLength);
  const okm = deriveMessage(keys, header, salt, digest);
  const sealed = gcmEncrypt(okm.subarray(0, 32), zeroNonce, aad, body);
  const envelope = Buffer.concat([header, salt, okm.subarray(32), sealed]);
  okm.fill(0);
  return envelope;
}

/** The keys of each version that may be read. */
export type ReadableKeys = Pick<ReadonlyMap<number, SealingKeys>, "get">;

export type Opened =
  | { readonly kind: "opened"; readonly plaintext: Buffer }
  | { readonly kind: "broken"; readonly code: Exclude<SealBrokenCode, "destroyed" | "seal/no-key"> };

/** Opens an envelope at the place where it is said to stand, with the key of one of the versions that may be read. */
export function openEnvelope(readable: ReadableKeys, place: BoundPlace, envelope: Uint8Array): Opened {
  if (envelope.length < overhead || envelope.length > longestEnvelope) return broken("bad_header");
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.length);
  const header = bytes.subarray(0, headerLength);
  const format = header[magic.length];
  const isPadded = format === formats.padme;
  if (!header.subarray(0, magic.length).equals(magic) || (!isPadded && format !== formats.none))
    return broken("bad_header");
  if (!isPadded && envelope.length > overhead + maxPlaintext) return broken("bad_header");
  // The keys are the tenant's; the version in the message only says which of them.
  const keys = readable.get(header.readUInt32BE(magic.length + 1));
  if (keys === undefined) return broken("wrong_key_version");
  const salt = bytes.subarray(headerLength, headerLength + saltLength);
  const commitment = bytes.subarray(headerLength + saltLength, headerLength + saltLength + commitmentLength);
  const aad = formatAad(header, place);
  const okm = deriveMessage(keys, header, salt, sha256(aad));
  // Invariant: the commitment is compared whole and in constant time before the cipher sees the message.
  const committed = timingSafeEqual(okm.subarray(32), commitment);
  const body = bytes.subarray(headerLength + saltLength + commitmentLength);
  const opened = committed ? gcmDecrypt(okm.subarray(0, 32), zeroNonce, aad, body) : undefined;
  okm.fill(0);
  // What is padded wrongly is looked at only once it is authentic, and is told from nothing else.
  const plaintext = opened !== undefined && isPadded ? unpad(opened) : opened;
  return plaintext === undefined ? broken("not_authentic") : { kind: "opened", plaintext };
}

function formatHeader(format: number, version: number): Buffer {
  const header = Buffer.alloc(headerLength);
  magic.copy(header);
  header[magic.length] = format;
  header.writeUInt32BE(version, magic.length + 1);
  return header;
}

/** Each part after its length, so that no two places have one encoding. */
export function formatAad(header: Uint8Array, { tenant, table, column, row, purpose }: BoundPlace): Buffer {
  return lengthPrefixed(header, tenant, table, column, row, purpose);
}

function deriveMessage(keys: SealingKeys, header: Uint8Array, salt: Uint8Array, digest: Uint8Array): Buffer {
  return hmacSha512(keys.data, domain, header, salt, digest);
}

function broken(code: Exclude<SealBrokenCode, "destroyed" | "seal/no-key">): Opened {
  return { kind: "broken", code };
}
