/** What tells that an unwrapped key is the one that was made: of the key and not leading back to it. */
import type { KeyObject } from "node:crypto";
import { hmacSha256 } from "./primitives.ts";
import { subKeyMessage } from "./sub-key.ts";

/** Bytes. */
export const keyCheckLength = 16;

/** Of a version's key-encryption key, under a label that nothing else has. */
export function keyCheck(kek: KeyObject): Buffer {
  if (kek.symmetricKeySize !== 32) throw new RangeError("a key-encryption key has 32 bytes");
  return hmacSha256(kek, subKeyMessage("check")).subarray(0, keyCheckLength);
}
