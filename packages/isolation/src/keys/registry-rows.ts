/**
 * What an operator does to the registry of one tenant's keys, each in the operator's own transaction. The database holds to
 * the order of states by itself; what is refused here is what it could not know.
 */
import { createSecretKey } from "node:crypto";
import type { Database, SqlSession, TenantSealers } from "../contracts.ts";
import { waitingColumn } from "./adopt/adoption-names.ts";
import type { KeyContext, KeyProvider, KeyPurpose } from "./key-provider.ts";
import { keyPurposes } from "./key-provider.ts";
import { deriveKek } from "../seal/kek.ts";
import { keyCheck } from "../seal/key-check.ts";
import { KeyRegistryError } from "./key-registry-error.ts";
import { tenantLock } from "../context/ddl/state-ddl.ts";
import { KeyRing, longestLease } from "./key-ring.ts";
import { longestHold } from "./longest-hold.ts";
import {
  keyBoundTable,
  tenantKeyStateTable,
  tenantKeyTable,
  type KeyState,
  type TenantKeyState,
} from "./registry-ddl.ts";

export interface RegistryRow {
  readonly purpose: KeyPurpose;
  readonly version: number;
  readonly state: KeyState;
  readonly provider: string;
  /** Null once destroyed. */
  readonly wrapped: Uint8Array | null;
  /** 16 bytes: what the unwrapped key is held against. */
  readonly check: Uint8Array;
  readonly wraps: number;
  readonly madeAt: Date;
  /** From when on it is sealed under. */
  readonly writesFrom: Date;
}

/**
 * Milliseconds from the making of a version until it is sealed under, and from then until nobody seals under the one before: the
 * longest lease, and as much for transactions that began with it.
 */
export const settleTime = 2 * longestLease;

/** A number that no other use of advisory locks on the tenant's name has. */
const lockSpace = 0x6b_65_79_73;

/** Waits for every other change of the tenant's keys, until the transaction ends. */
export async function lockKeys(session: SqlSession, tenant: string): Promise<void> {
  await session.query(
    `SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended($1::text COLLATE pg_catalog."C", ${lockSpace}))`,
    [tenant],
  );
}

/** By purpose and version, ascending. */
export async function registryRows(session: SqlSession, tenant: string): Promise<readonly RegistryRow[]> {
  const { rows } = await session.query(
    // Invariant: in the order of numbers. A bare name after ORDER BY would be the text that is selected.
    `SELECT purpose, version::text AS version, state, provider, pg_catalog.encode(wrapped, 'hex') AS wrapped, pg_catalog.encode(check_value, 'hex') AS check_value, wraps::text AS wraps,
  (EXTRACT(epoch FROM made_at) * 1000)::float8 AS made, (EXTRACT(epoch FROM writes_from) * 1000)::float8 AS writes
FROM ${tenantKeyTable} AS k WHERE tenant_id = $1 ORDER BY k.purpose, k.version`,
    [tenant],
  );
  return rows.map((row) => ({
    purpose: row["purpose"] as KeyPurpose,
    version: Number(row["version"]),
    state: row["state"] as KeyState,
    provider: String(row["provider"]),
    wrapped: row["wrapped"] === null ? null : Buffer.from(row["wrapped"] as string, "hex"),
    check: Buffer.from(row["check_value"] as string, "hex"),
    wraps: Number(row["wraps"]),
    madeAt: new Date(Number(row["made"])),
    writesFrom: new Date(Number(row["writes"])),
  }));
}

export async function tenantKeyState(session: SqlSession, tenant: string): Promise<TenantKeyState> {
  const { rows } = await session.query(`SELECT state FROM ${tenantKeyStateTable} WHERE tenant_id = $1`, [
    tenant,
  ]);
  return (rows[0]?.["state"] ?? "active") as TenantKeyState;
}

/** A version that a provider wrapped, and that may stand in no registry yet: then nothing was ever sealed under it. */
export interface NewVersion {
  readonly context: KeyContext;
  readonly provider: string;
  readonly wrapped: Uint8Array;
  readonly check: Uint8Array;
}

/**
 * Makes the tenant's wrapping keys, and a first version of each purpose that has none in the registry. Nothing is stored: see
 * {@link storeFirstKeys}. No transaction is open while the provider is asked, which may take long.
 */
export async function newFirstKeys(
  database: Database,
  provider: KeyProvider,
  tenant: string,
): Promise<readonly NewVersion[]> {
  await provider.create(tenant);
  const rows = await database.turn((session) => registryRows(session, tenant));
  const there = new Set(rows.map(({ purpose }) => purpose));
  const made: NewVersion[] = [];
  for (const purpose of keyPurposes.filter((one) => !there.has(one)))
    made.push(await newVersion(provider, { tenant, purpose, version: 1 }));
  return made;
}

/** Stores those of purposes that still have no version, to be sealed under at once, and gives them; others are thrown away. */
export async function storeFirstKeys(
  session: SqlSession,
  tenant: string,
  made: readonly NewVersion[],
): Promise<readonly KeyContext[]> {
  await lockKeys(session, tenant);
  const there = new Set((await registryRows(session, tenant)).map(({ purpose }) => purpose));
  const missing = made.filter(({ context }) => context.tenant === tenant && !there.has(context.purpose));
  for (const version of missing) await insertVersion(session, version, 0);
  return missing.map(({ context }) => context);
}

/**
 * Refuses what is sealed under versions below this one from now on. Throws `keys/not-settled` while a process may still seal under
 * one of them, `keys/adopting` while cells that an adoption made wait for their switch, which a job over the model's columns does not
 * reach, and `keys/no-keys` where this is no version that opens. Gives the versions that were retired.
 */
export async function retireBelow(
  session: SqlSession,
  tenant: string,
  purpose: KeyPurpose,
  version: number,
  settle: number = settleTime,
): Promise<readonly number[]> {
  await lockKeys(session, tenant);
  const rows = (await registryRows(session, tenant)).filter((row) => row.purpose === purpose);
  const least = rows.find((row) => row.version === version);
  if (least === undefined || (least.state !== "current" && least.state !== "readable"))
    throw new KeyRegistryError("keys/no-keys", `version ${version} for ${purpose} opens nothing`);
  if (least.version > 1 && least.writesFrom.getTime() + settle > (await databaseTime(session)))
    throw new KeyRegistryError(
      "keys/not-settled",
      `a process may still seal under a version before ${version} for ${purpose}`,
    );
  if ((purpose === "seal" || purpose === "index") && (await isAdopting(session)))
    throw new KeyRegistryError(
      "keys/adopting",
      "a column is being adopted in this database: take it to its switch first, or abort it",
    );
  const below = rows.filter((row) => row.version < version && row.state === "readable");
  await session.query(
    `UPDATE ${tenantKeyTable} SET state = 'retired' WHERE tenant_id = $1 AND purpose = $2 AND version < $3 AND state = 'readable'`,
    [tenant, purpose, version],
  );
  return below.map((row) => row.version);
}

async function isAdopting(session: SqlSession): Promise<boolean> {
  const { rows } = await session.query(
    `SELECT FROM pg_catalog.pg_attribute a WHERE a.attname::text ~ '${waitingColumn}' AND NOT a.attisdropped LIMIT 1`,
    [],
  );
  return rows.length > 0;
}

/** Takes the bytes of retired versions away: nothing brings back what was sealed under them. Gives the versions. */
export async function destroyRetired(
  session: SqlSession,
  tenant: string,
  purpose: KeyPurpose,
): Promise<readonly number[]> {
  await lockKeys(session, tenant);
  const { rows } = await session.query(
    `UPDATE ${tenantKeyTable} SET state = 'destroyed', wrapped = NULL WHERE tenant_id = $1 AND purpose = $2 AND state = 'retired' RETURNING version::text AS version`,
    [tenant, purpose],
  );
  return rows.map((row) => Number(row["version"])).toSorted((a, b) => a - b);
}

/** `destroyed` is for good, and takes the bytes of all keys but those for `audit`. Throws `keys/destroyed` on the way back. */
export async function setTenantKeyState(
  session: SqlSession,
  tenant: string,
  state: TenantKeyState,
): Promise<void> {
  await lockKeys(session, tenant);
  if (state !== "destroyed" && (await tenantKeyState(session, tenant)) === "destroyed")
    throw new KeyRegistryError("keys/destroyed", "the keys of the tenant were destroyed");
  await session.query(
    `INSERT INTO ${tenantKeyStateTable} AS s (tenant_id, state) VALUES ($1, $2)
ON CONFLICT (tenant_id) DO UPDATE SET state = excluded.state, since = excluded.since WHERE s.state <> excluded.state`,
    [tenant, state],
  );
}

/** The sealers of a tenant for an operator's work in one transaction. */
export async function operatorSealers(
  session: SqlSession,
  provider: KeyProvider,
  tenant: string,
): Promise<TenantSealers> {
  const registry = await enteredRegistry(session, tenant);
  return new KeyRing({ provider }).of(tenant, { inTransaction: true, read: async () => registry });
}

/** The registry for sealing: whoever retires older versions waits for the end of this transaction. */
export async function enteredRegistry(session: SqlSession, tenant: string): Promise<string> {
  await session.query(`SELECT pg_catalog.pg_advisory_xact_lock_shared(${tenantLock}($1))`, [tenant]);
  return operatorRegistry(session, tenant);
}

/** What `wardline.tenant_keys()` gives in the tenant's context, for an operator, who has none. */
export async function operatorRegistry(session: SqlSession, tenant: string): Promise<string> {
  const rows = await registryRows(session, tenant);
  const state = await tenantKeyState(session, tenant);
  const now = await databaseTime(session);
  const bound = await session.query(`SELECT hold_for::text AS hold FROM ${keyBoundTable}`, []);
  const holdFor = Number(bound.rows[0]?.["hold"] ?? longestHold);
  const keys = rows.map(({ purpose, version, state: of, provider: name, wrapped, check, writesFrom }) => {
    const opens = of === "current" || of === "readable";
    const hex = opens && wrapped !== null ? Buffer.from(wrapped).toString("hex") : null;
    const writes = writesFrom.getTime() <= now;
    return {
      purpose,
      version,
      state: of,
      provider: name,
      writes,
      wrapped: hex,
      check: Buffer.from(check).toString("hex"),
    };
  });
  return JSON.stringify({ tenant, state, holdFor, keys });
}

/** Asks the provider for a key. Nothing is stored. */
export async function newVersion(provider: KeyProvider, context: KeyContext): Promise<NewVersion> {
  const { key, wrapped } = await provider.generate(context);
  try {
    const check = keyCheck(deriveKek(context, createSecretKey(key)));
    return { context, provider: provider.name, wrapped, check };
  } finally {
    key.fill(0);
  }
}

/** The version becomes the current one, which no other may be then. */
export async function insertVersion(
  session: SqlSession,
  { context, provider, wrapped, check }: NewVersion,
  settle: number,
): Promise<void> {
  await session.query(
    `INSERT INTO ${tenantKeyTable} (tenant_id, purpose, version, state, provider, wrapped, check_value, writes_from)
VALUES ($1, $2, $3, 'current', $4, pg_catalog.decode($5, 'hex'), pg_catalog.decode($6, 'hex'), pg_catalog.clock_timestamp() + $7 * pg_catalog.make_interval(secs => 0.001))`,
    [
      context.tenant,
      context.purpose,
      context.version,
      provider,
      Buffer.from(wrapped).toString("hex"),
      Buffer.from(check).toString("hex"),
      settle,
    ],
  );
}

/** Milliseconds since 1970 by the database's clock. */
export async function databaseTime(session: SqlSession): Promise<number> {
  const { rows } = await session.query(
    "SELECT (EXTRACT(epoch FROM pg_catalog.clock_timestamp()) * 1000)::float8 AS now",
    [],
  );
  return Number(rows[0]?.["now"]);
}
