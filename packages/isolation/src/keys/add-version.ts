/** The next version of a key: asked of the provider, and stored in the registry. */
import type { SqlSession } from "../contracts.ts";
import type { KeyProvider, KeyPurpose } from "./key-provider.ts";
import { KeyRegistryError } from "./key-registry-error.ts";
import { tenantKeyTable } from "./registry-ddl.ts";
import {
  databaseTime,
  insertVersion,
  lockKeys,
  newVersion,
  registryRows,
  settleTime,
  type NewVersion,
} from "./registry-rows.ts";

/**
 * Adds a version to a purpose. It opens from now on; it is sealed under once every process knows of it, after `settle`
 * milliseconds, before which there is no other. Gives its number. Throws `keys/no-keys` for a purpose without a current version, and
 * `keys/not-settled` while the last one is not sealed under yet.
 */
export async function addVersion(
  session: SqlSession,
  provider: KeyProvider,
  tenant: string,
  purpose: KeyPurpose,
  settle: number = settleTime,
): Promise<number> {
  await lockKeys(session, tenant);
  const version = await nextVersion(session, tenant, purpose);
  await replaceCurrent(session, await newVersion(provider, { tenant, purpose, version }), settle);
  return version;
}

/** The same in two steps, so that no transaction is open while the provider is asked: which number it would have. Throws as {@link addVersion}. */
export async function nextVersion(session: SqlSession, tenant: string, purpose: KeyPurpose): Promise<number> {
  const rows = await registryRows(session, tenant);
  const current = rows.find((row) => row.purpose === purpose && row.state === "current");
  if (current === undefined)
    throw new KeyRegistryError("keys/no-keys", `the tenant has no key for ${purpose}: make one first`);
  if (current.writesFrom.getTime() > (await databaseTime(session)))
    throw new KeyRegistryError(
      "keys/not-settled",
      `version ${current.version} for ${purpose} is not sealed under yet: it is too early for another`,
    );
  return current.version + 1;
}

/** Stores what was asked for under that number. Throws as {@link addVersion}, also where somebody else has added one meanwhile. */
export async function storeNextVersion(
  session: SqlSession,
  made: NewVersion,
  settle: number = settleTime,
): Promise<void> {
  const { tenant, purpose, version } = made.context;
  await lockKeys(session, tenant);
  if ((await nextVersion(session, tenant, purpose)) !== version)
    throw new KeyRegistryError("keys/not-settled", `another key for ${purpose} was added meanwhile`);
  await replaceCurrent(session, made, settle);
}

async function replaceCurrent(session: SqlSession, made: NewVersion, settle: number): Promise<void> {
  const { tenant, purpose } = made.context;
  await session.query(
    `UPDATE ${tenantKeyTable} SET state = 'readable' WHERE tenant_id = $1 AND purpose = $2 AND state = 'current'`,
    [tenant, purpose],
  );
  await insertVersion(session, made, settle);
}
