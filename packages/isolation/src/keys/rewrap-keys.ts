/** A tenant's keys wrapped anew: the same keys, under the newest version of its wrapping keys. */
import type { Database } from "../contracts.ts";
import { inTransaction } from "../placement/transaction.ts";
import type { KeyProvider } from "./key-provider.ts";
import { tenantKeyTable } from "./registry-ddl.ts";
import { lockKeys, registryRows } from "./registry-rows.ts";
import { unwrapKey } from "./unwrapped-key.ts";

const store = `UPDATE ${tenantKeyTable} SET wrapped = pg_catalog.decode($4, 'hex'), wraps = wraps + 1
WHERE tenant_id = $1 AND purpose = $2 AND version = $3 AND wrapped = pg_catalog.decode($5, 'hex') RETURNING version`;

/**
 * Gives how many. No transaction is open while the provider is asked; what somebody else wrapped anew or destroyed meanwhile stays as it is then.
 * Throws `keys/wrong-key` where what the provider gave would unwrap to another key; then nothing is changed.
 */
export async function rewrapKeys(database: Database, provider: KeyProvider, tenant: string): Promise<number> {
  const made: (readonly [purpose: string, version: number, anew: string, before: string])[] = [];
  for (const row of await database.turn((session) => registryRows(session, tenant))) {
    const { purpose, version, wrapped, check } = row;
    if (wrapped === null) continue;
    const anew = await provider.rewrap({ tenant, purpose, version }, wrapped);
    // Invariant: what takes the place of the wrapped bytes unwraps to the same key.
    await unwrapKey(provider, { tenant, purpose, version }, anew, check);
    made.push([purpose, version, hexOf(anew), hexOf(wrapped)]);
  }
  return inTransaction(database, async (session) => {
    await lockKeys(session, tenant);
    let done = 0;
    for (const row of made) done += (await session.query(store, [tenant, ...row])).rows.length;
    return done;
  });
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
