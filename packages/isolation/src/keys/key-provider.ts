/**
 * What keeps tenants' wrapping keys outside of every database: a KMS, a vault, a local file. What it wraps is worth nothing
 * without it, so a tenant whose wrapping keys are destroyed there stays dead whatever backup is restored. Only types stand here.
 */
import type { Padding } from "../seal/padding.ts";

/** What a key is for. Each purpose has keys and versions of its own. */
export type KeyPurpose = "seal" | "index" | "mask" | "audit";

export const keyPurposes: readonly KeyPurpose[] = ["seal", "index", "mask", "audit"];

/** The encryption context of a wrapped key. The provider authenticates it: what was wrapped under one unwraps under no other. */
export interface KeyContext {
  readonly tenant: string;
  readonly purpose: KeyPurpose;
  /** 1 to 2^32 − 1. */
  readonly version: number;
}

/**
 * A tenant has two wrapping keys. `data` wraps the keys for `seal`, `index` and `mask`; `audit` those for `audit`, so that the
 * record of a tenant that was shredded can be kept for its own retention.
 */
export type KeyPart = "data" | "audit";

export const keyParts: readonly KeyPart[] = ["data", "audit"];

export function partOf(purpose: KeyPurpose): KeyPart {
  return purpose === "audit" ? "audit" : "data";
}

/** What the provider says of a wrapping key. */
export type OutsideState =
  | { readonly kind: "usable" }
  | { readonly kind: "disabled" }
  /** It unwraps nothing any more and is gone at `until`; before, the provider's administrator can still call it back. */
  | { readonly kind: "pending"; readonly until: Date }
  | { readonly kind: "destroyed" }
  /** The provider never heard of it. */
  | { readonly kind: "missing" };

export interface NewKey {
  /** 32 bytes. The caller zeroes them. */
  readonly key: Uint8Array;
  readonly wrapped: Uint8Array;
}

/** Every method throws {@link KeyProviderError}, which never holds bytes of a key. */
export interface KeyProvider {
  /** Stands beside what it wrapped: `local`, `aws-kms`, `vault-transit`. */
  readonly name: string;
  /** Of what is sealed under keys of this provider; `none` where it says nothing. See `padded`. */
  readonly padding?: Padding;
  /** Makes the tenant's wrapping keys; those that are there stay as they are. Throws `keys/destroyed` where one was destroyed. */
  create(tenant: string): Promise<void>;
  /** A new key, wrapped under the newest version of the wrapping key. */
  generate(context: KeyContext): Promise<NewKey>;
  /** 32 bytes, which the caller zeroes. Throws `keys/not-authentic` for what was wrapped under another context, or is damaged. */
  unwrap(context: KeyContext, wrapped: Uint8Array): Promise<Uint8Array>;
  /** The same key, wrapped under the newest version of the wrapping key. */
  rewrap(context: KeyContext, wrapped: Uint8Array): Promise<Uint8Array>;
  state(tenant: string, part: KeyPart): Promise<OutsideState>;
  /** Wraps and unwraps nothing until it is enabled again. */
  disable(tenant: string, part: KeyPart): Promise<void>;
  enable(tenant: string, part: KeyPart): Promise<void>;
  /** For good. What it gives is the provider's own word: `destroyed`, or `pending` where it keeps a waiting period. Again: the same. */
  destroy(tenant: string, part: KeyPart): Promise<OutsideState>;
}
