/**
 * The key-encryption key of one version of one purpose of a tenant's keys, made of what the provider unwrapped. What it is for
 * stands in its derivation, so that bytes that are used under another name are another key.
 */
import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import type { KeyContext } from "../keys/key-provider.ts";
import { lengthPrefixed } from "./length-prefixed.ts";

/** Throws a RangeError unless there are 32 bytes and the version can stand in a header. */
export function deriveKek({ tenant, purpose, version }: KeyContext, unwrapped: KeyObject): KeyObject {
  if (unwrapped.symmetricKeySize !== 32) throw new RangeError("a tenant's key has 32 bytes");
  checkVersion(version);
  const number = Buffer.alloc(4);
  number.writeUInt32BE(version);
  const info = lengthPrefixed("wardline/kek/1", tenant, purpose, number);
  return createSecretKey(Buffer.from(hkdfSync("sha256", unwrapped, Buffer.alloc(0), info, 32)));
}

export function checkVersion(version: number): void {
  if (!Number.isInteger(version) || version < 1 || version > 0xffff_ffff)
    throw new RangeError("a key's version is 1 to 2^32 - 1");
}
