/** Makes the keys of a tenant: its wrapping keys at the provider, and a first version of each purpose in its database. */
import { newFirstKeys, storeFirstKeys, type Database, type KeyProvider } from "@wardline/isolation";
import { inTransaction } from "./transaction.ts";

export interface TenantKeysOptions {
  /** An operator's connection to the database where the tenant is. */
  readonly database: Database;
  readonly keys: KeyProvider;
}

/**
 * Once for each tenant, before its first row. Again, it makes what is missing and changes nothing. Throws KeyProviderError:
 * `keys/destroyed` for a tenant whose keys were destroyed.
 */
export async function createTenantKeys({ database, keys }: TenantKeysOptions, tenant: string): Promise<void> {
  const made = await newFirstKeys(database, keys, tenant);
  await inTransaction(database, (session) => storeFirstKeys(session, tenant, made));
}
