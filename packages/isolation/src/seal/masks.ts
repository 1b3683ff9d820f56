/**
 * The masks that need a key. Both are the same for equal texts of one tenant and field. A hash is a MAC and leads nowhere; a token
 * holds the text, encrypted under an initial value that is itself a MAC of the text (SIV), and whoever has the key can open it.
 */
import { timingSafeEqual, type KeyObject } from "node:crypto";
import type { SealedField } from "../contracts.ts";
import { fieldKeys, type FieldKeys } from "./field-keys.ts";
import { checkVersion } from "./kek.ts";
import { ctr, hmacSha256 } from "./primitives.ts";
import { subKey } from "./sub-key.ts";

export interface MaskKeys {
  readonly version: number;
  readonly tokenSiv: FieldKeys;
  readonly tokenData: FieldKeys;
  readonly hash: FieldKeys;
}

/** A token is as long as its text, in steps of this many bytes. */
export const tokenBlock = 16;
const sivLength = 16;

export function deriveMaskKeys(kek: KeyObject, version: number): MaskKeys {
  checkVersion(version);
  return {
    version,
    tokenSiv: fieldKeys("wardline/token/1", subKey(kek, "token/siv")),
    tokenData: fieldKeys("wardline/token/1", subKey(kek, "token/data")),
    hash: fieldKeys("wardline/hash/1", subKey(kek, "hash")),
  };
}

/** `h`, the key's version, a full stop, and 32 hex digits. */
export function formatHash(
  keys: MaskKeys,
  tenant: string,
  field: SealedField,
  plaintext: Uint8Array,
): string {
  const mac = hmacSha256(keys.hash(tenant, field), plaintext).subarray(0, 16);
  return `h${keys.version}.${mac.toString("hex")}`;
}

/** `t`, the key's version, a full stop, and base64url of initial value and ciphertext. */
export function formatToken(
  keys: MaskKeys,
  tenant: string,
  field: SealedField,
  plaintext: Uint8Array,
): string {
  const padded = pad(plaintext);
  const siv = sivOf(keys, tenant, field, padded);
  const body = ctr(keys.tokenData(tenant, field), siv, padded);
  return `t${keys.version}.${Buffer.concat([siv, body]).toString("base64url")}`;
}

/** The version that a token names, or undefined if the text is no token. */
export function tokenVersion(token: string): number | undefined {
  const [, digits] = tokenForm.exec(token) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** The text of a token of this field under these keys; undefined if it is no such token. */
export function openToken(
  keys: MaskKeys,
  tenant: string,
  field: SealedField,
  token: string,
): Buffer | undefined {
  const [, version, encoded = ""] = tokenForm.exec(token) ?? [];
  const bytes = Buffer.from(encoded, "base64url");
  if (Number(version) !== keys.version || bytes.toString("base64url") !== encoded) return undefined;
  if (bytes.length < sivLength + tokenBlock || bytes.length % tokenBlock !== 0) return undefined;
  const siv = bytes.subarray(0, sivLength);
  const padded = ctr(keys.tokenData(tenant, field), siv, bytes.subarray(sivLength));
  // Invariant: nothing of what was decrypted is given out before its MAC was compared, in constant time.
  return timingSafeEqual(sivOf(keys, tenant, field, padded), siv) ? unpad(padded) : undefined;
}

const tokenForm = /^t([1-9]\d{0,9})\.([A-Za-z0-9_-]+)$/;

function sivOf(keys: MaskKeys, tenant: string, field: SealedField, padded: Uint8Array): Buffer {
  return hmacSha256(keys.tokenSiv(tenant, field), padded).subarray(0, sivLength);
}

/** The text, one byte 80, and zeros up to a whole block (ISO/IEC 7816-4). */
function pad(plaintext: Uint8Array): Buffer {
  const padded = Buffer.alloc(Math.ceil((plaintext.length + 1) / tokenBlock) * tokenBlock);
  padded.set(plaintext);
  padded[plaintext.length] = 0x80;
  return padded;
}

function unpad(padded: Buffer): Buffer | undefined {
  const end = padded.lastIndexOf(0x80);
  return end === -1 ? undefined : padded.subarray(0, end);
}
