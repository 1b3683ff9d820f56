/**
 * The versions of one purpose as sealers ask for them. A version that can't be used now throws for its own reason: what is only
 * out of reach is never taken for what does not exist, or a comparison would miss rows.
 */
import { SealBroken } from "../errors.ts";
import type { KeyVersions } from "../seal/tenant-keys.ts";
import type { KeyPurpose } from "./key-provider.ts";
import { KeyProviderError } from "./key-provider-error.ts";
import type { RegistryKey } from "./registry.ts";
import type { KeysByPurpose, UnwrappedKey } from "./unwrapped-key.ts";

export interface HeldVersions<Purpose extends KeyPurpose> {
  /** The registry's rows of the purpose, by version. */
  readonly rows: readonly RegistryKey[];
  /** What is at hand now. */
  readonly find: (row: RegistryKey) => UnwrappedKey<Purpose> | undefined;
  /** Why a row is not at hand. */
  readonly problem: (row: RegistryKey) => Error;
}

export function keyVersions<Purpose extends KeyPurpose>(
  held: HeldVersions<Purpose>,
): KeyVersions<KeysByPurpose[Purpose]> {
  const readable = new ReadableVersions(held);
  const writing = writingVersion(held.rows);
  return {
    get current() {
      const key = writing === undefined ? undefined : readable.get(writing);
      if (key !== undefined) return key;
      throw new SealBroken(held.rows.length === 0 ? "seal/no-key" : "destroyed");
    },
    readable,
  };
}

/** The newest that it is time to seal under; the current one where there is none, which is a purpose's first. */
function writingVersion(rows: readonly RegistryKey[]): number | undefined {
  const open = rows.filter(({ wrapped }) => wrapped !== null);
  return (open.findLast(({ writes }) => writes) ?? open.at(-1))?.version;
}

class ReadableVersions<Purpose extends KeyPurpose> extends Map<number, KeysByPurpose[Purpose]> {
  readonly #held: HeldVersions<Purpose>;

  constructor(held: HeldVersions<Purpose>) {
    super();
    this.#held = held;
  }

  override get(version: number): KeysByPurpose[Purpose] | undefined {
    const row = this.#held.rows.find((one) => one.version === version);
    // What nobody knows, and what is retired: below the least version.
    if (row === undefined || row.state === "retired") return undefined;
    return this.#keysOf(row);
  }

  override *values(): MapIterator<KeysByPurpose[Purpose]> {
    for (const row of this.#held.rows) if (row.wrapped !== null) yield this.#keysOf(row);
    return undefined;
  }

  #keysOf(row: RegistryKey): KeysByPurpose[Purpose] {
    if (row.state === "destroyed") throw new SealBroken("destroyed");
    const key = this.#held.find(row);
    if (key === undefined) throw this.#held.problem(row);
    return key.keys;
  }
}

export function unavailable(why: string, options?: { readonly cause?: unknown }): KeyProviderError {
  return new KeyProviderError("keys/unavailable", why, options);
}
