/** One version of a key as it is held in this process: what is derived of it, and how long it may be used. */
import { createSecretKey, timingSafeEqual } from "node:crypto";
import { deriveIndexKeys, type IndexKeys } from "../seal/blind-index.ts";
import { deriveKek } from "../seal/kek.ts";
import { keyCheck } from "../seal/key-check.ts";
import { deriveMaskKeys, type MaskKeys } from "../seal/masks.ts";
import {
  deriveAuditEntryKeys,
  deriveCellKeys,
  type AuditEntryKeys,
  type CellKeys,
} from "../seal/sealing-keys.ts";
import type { KeyContext, KeyProvider, KeyPurpose } from "./key-provider.ts";
import { KeyProviderError } from "./key-provider-error.ts";

export interface KeysByPurpose {
  readonly seal: CellKeys;
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
  seal: deriveCellKeys,
  index: deriveIndexKeys,
  mask: deriveMaskKeys,
  audit: deriveAuditEntryKeys,
};

/**
 * Asks the provider, and holds what it gives against the registry's check value: throws `keys/wrong-key` for another key. The bytes are
 * overwritten; what is kept are handles on keys, which never show them.
 */
export async function unwrapKey(
  provider: KeyProvider,
  context: KeyContext,
  wrapped: Uint8Array,
  check: Uint8Array,
): Promise<KeysByPurpose[KeyPurpose]> {
  const bytes = await provider.unwrap(context, wrapped);
  try {
    // Invariant: nothing is sealed under a key that nobody else would have, and nothing is looked for under one.
    const kek = deriveKek(context, createSecretKey(bytes));
    const found = keyCheck(kek);
    if (found.length !== check.length || !timingSafeEqual(found, check)) throw wrongKey(provider);
    return derive[context.purpose](kek, context.version);
  } finally {
    bytes.fill(0);
  }
}

function wrongKey({ name }: KeyProvider): KeyProviderError {
  return new KeyProviderError(
    "keys/wrong-key",
    `the provider ${name} unwrapped another key than was wrapped`,
  );
}
