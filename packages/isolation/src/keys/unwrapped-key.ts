/** One version of a key as it is held in this process: what is derived of it, and how long it may be used. */
import { createSecretKey } from "node:crypto";
import { deriveIndexKeys, type IndexKeys } from "../seal/blind-index.ts";
import { deriveKek } from "../seal/kek.ts";
import { deriveMaskKeys, type MaskKeys } from "../seal/masks.ts";
import {
  deriveAuditEntryKeys,
  deriveSealingKeys,
  type AuditEntryKeys,
  type SealingKeys,
} from "../seal/sealing-keys.ts";
import type { KeyContext, KeyProvider, KeyPurpose } from "./key-provider.ts";

export interface KeysByPurpose {
  readonly seal: SealingKeys;
  readonly index: IndexKeys;
  readonly mask: MaskKeys;
  readonly audit: AuditEntryKeys;
}

export interface UnwrappedKey<Purpose extends KeyPurpose = KeyPurpose> {
  readonly keys: KeysByPurpose[Purpose];
  /** By the ring's clock. */
  readonly until: number;
}

type Derive = { readonly [P in KeyPurpose]: (...of: Parameters<typeof deriveIndexKeys>) => KeysByPurpose[P] };

const derive: Derive = {
  seal: (kek, version) => deriveSealingKeys(kek, version),
  index: deriveIndexKeys,
  mask: deriveMaskKeys,
  audit: deriveAuditEntryKeys,
};

/** Asks the provider. The bytes that it gives are overwritten; what is kept are handles on keys, which never show them. */
export async function unwrapKey(
  provider: KeyProvider,
  context: KeyContext,
  wrapped: Uint8Array,
): Promise<KeysByPurpose[KeyPurpose]> {
  const bytes = await provider.unwrap(context, wrapped);
  try {
    return derive[context.purpose](deriveKek(context, createSecretKey(bytes)), context.version);
  } finally {
    bytes.fill(0);
  }
}
