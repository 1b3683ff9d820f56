/** Keys that are derived from a key-encryption key, each under a label of its own, so that no two uses share one. */
import { createSecretKey, type KeyObject } from "node:crypto";
import { hmacSha256 } from "./primitives.ts";

/** A label is never used for anything else. */
export type KeyLabel =
  | "seal/data"
  | "seal/hedge"
  | "audit/data"
  | "audit/hedge"
  | "audit/digest"
  | "challenge/data"
  | "challenge/hedge"
  | "index"
  | "token/siv"
  | "token/data"
  | "hash"
  /** Of no key: what is derived tells keys apart. */
  | "check";

export function subKey(kek: KeyObject, label: KeyLabel): KeyObject {
  if (kek.symmetricKeySize !== 32) throw new RangeError("a key-encryption key has 32 bytes");
  return createSecretKey(hmacSha256(kek, subKeyMessage(label)));
}

export function subKeyMessage(label: KeyLabel): Buffer {
  return Buffer.from(`wardline/key/1\0${label}`, "utf8");
}
