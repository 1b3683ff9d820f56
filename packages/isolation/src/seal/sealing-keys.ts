/** The two keys that envelopes of one version are made with. */
import type { KeyObject } from "node:crypto";
import { checkVersion } from "./kek.ts";
import { subKey } from "./sub-key.ts";

export interface SealingKeys {
  /** The version that stands in headers, 1 to 2^32 − 1. */
  readonly version: number;
  /** Under which every message's key and commitment are derived. */
  readonly data: KeyObject;
  /** Under which salts are hedged against repeated randomness. */
  readonly hedge: KeyObject;
}

/** Derives once what a sealer uses for as long as it lives. Throws a RangeError if the key has not 32 bytes. */
export function deriveSealingKeys(
  kek: KeyObject,
  version: number,
  of: "seal" | "audit" | "challenge" = "seal",
): SealingKeys {
  checkVersion(version);
  return { version, data: subKey(kek, `${of}/data`), hedge: subKey(kek, `${of}/hedge`) };
}

/** `challenge`: of what is handed out to go on with a write, under labels of its own; rotated and shredded with the cells. */
export type CellKeys = SealingKeys & { readonly challenge: SealingKeys };

export function deriveCellKeys(kek: KeyObject, version: number): CellKeys {
  return {
    ...deriveSealingKeys(kek, version),
    challenge: deriveSealingKeys(kek, version, "challenge"),
  };
}

/** `digest`: of what entries refer to without saying it. */
export type AuditEntryKeys = SealingKeys & { readonly digest: KeyObject };

export function deriveAuditEntryKeys(kek: KeyObject, version: number): AuditEntryKeys {
  return { ...deriveSealingKeys(kek, version, "audit"), digest: subKey(kek, "audit/digest") };
}
