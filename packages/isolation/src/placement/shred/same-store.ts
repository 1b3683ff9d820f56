/** Whether the provider has the wrapping keys under which a tenant's keys were wrapped: another store of its kind may know the tenant too. */
import { partOf, type KeyPart, type KeyProvider } from "../../keys/key-provider.ts";
import { KeyProviderError } from "../../keys/key-provider-error.ts";
import type { RegistryRow } from "../../keys/registry-rows.ts";
import { unwrapKey } from "../../keys/unwrapped-key.ts";
import { ShredRefused } from "./shred-refused.ts";

const isForeign = (error: unknown): boolean =>
  error instanceof KeyProviderError &&
  ["keys/not-authentic", "keys/wrong-key", "keys/missing"].includes(error.code);

/**
 * Throws `shred/other-provider` where a usable wrapping key of the tenant unwraps none of the rows: destroying it would leave the true one
 * alive. Of a key that is not usable nothing can be told. Throws KeyProviderError where the provider cannot be asked.
 */
export async function expectSameStore(
  keys: KeyProvider,
  tenant: string,
  rows: readonly RegistryRow[],
  parts: readonly KeyPart[],
): Promise<void> {
  for (const part of parts) {
    const wrapped = rows.filter((row) => row.wrapped !== null && partOf(row.purpose) === part);
    if (wrapped.length === 0 || (await keys.state(tenant, part)).kind !== "usable") continue;
    if (!(await unwrapsOne(keys, tenant, wrapped)))
      throw new ShredRefused(
        "shred/other-provider",
        `${keys.name} has a wrapping key of the tenant for ${part} that unwraps none of its keys: is it the store that wrapped them?`,
      );
  }
}

/** One is enough: the others may be damaged, or older than what the provider still unwraps. */
async function unwrapsOne(keys: KeyProvider, tenant: string, rows: readonly RegistryRow[]): Promise<boolean> {
  for (const { purpose, version, wrapped, check } of rows.toReversed())
    try {
      await unwrapKey(keys, { tenant, purpose, version }, wrapped ?? new Uint8Array(), check);
      return true;
    } catch (error) {
      if (!isForeign(error)) throw error;
    }
  return false;
}
