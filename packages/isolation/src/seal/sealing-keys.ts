/** The keys that are derived from a tenant's key, each under a label of its own, so that no two uses share one. */
import { createSecretKey, type KeyObject } from "node:crypto";
import { hmacSha256 } from "./primitives.ts";

export interface SealingKeys {
  /** The version that stands in headers, 1 to 2^32 − 1. */
  readonly version: number;
  /** Under which every message's key and commitment are derived. */
  readonly data: KeyObject;
  /** Under which salts are hedged against repeated randomness. */
  readonly hedge: KeyObject;
}

/** Labels of sub-keys. A label is never reused for anything else. */
export type KeyLabel = "seal/data" | "seal/hedge";

/** Derives once what a sealer uses for as long as it lives. Throws if the key has not 32 bytes. */
export function deriveSealingKeys(tenantKey: KeyObject, version: number): SealingKeys {
  if (tenantKey.symmetricKeySize !== 32) throw new RangeError("a tenant's key has 32 bytes");
  if (!Number.isInteger(version) || version < 1 || version > 0xffff_ffff)
    throw new RangeError("a key's version is 1 to 2^32 - 1");
  return { version, data: subKey(tenantKey, "seal/data"), hedge: subKey(tenantKey, "seal/hedge") };
}

function subKey(tenantKey: KeyObject, label: KeyLabel): KeyObject {
  return createSecretKey(hmacSha256(tenantKey, Buffer.from(`wardline/key/1\0${label}`, "utf8")));
}
