/** Blind indexes: what stands beside a sealed text so that equal texts of one field can be found. They tell equality and nothing else. */
import type { KeyObject } from "node:crypto";
import type { SealedField } from "../contracts.ts";
import { fieldKeys, type FieldKeys } from "./field-keys.ts";
import { checkVersion } from "./kek.ts";
import { hmacSha256 } from "./primitives.ts";
import { subKey } from "./sub-key.ts";

export interface IndexKeys {
  readonly version: number;
  readonly field: FieldKeys;
}

/** Bytes of a blind index: its version, and enough of a MAC that no two texts of a tenant share one by chance. */
export const blindIndexLength = 20;

export function deriveIndexKeys(kek: KeyObject, version: number): IndexKeys {
  checkVersion(version);
  return { version, field: fieldKeys("wardline/index/1", subKey(kek, "index")) };
}

export function formatBlindIndex(
  keys: IndexKeys,
  tenant: string,
  field: SealedField,
  plaintext: Uint8Array,
): Buffer {
  const index = Buffer.alloc(blindIndexLength);
  index.writeUInt32BE(keys.version);
  index.set(hmacSha256(keys.field(tenant, field), plaintext).subarray(0, blindIndexLength - 4), 4);
  return index;
}
