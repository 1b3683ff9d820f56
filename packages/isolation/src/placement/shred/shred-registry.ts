/** What a shredding does to the registry of keys of one database, and leaves there of how far it came. Each in the caller's transaction. */
import { createHash } from "node:crypto";
import type { SqlSession } from "../../contracts.ts";
import { outAfterNow } from "../../keys/key-bound.ts";
import type { KeyPurpose } from "../../keys/key-provider.ts";
import { tenantKeyTable, tenantShredTable } from "../../keys/registry-ddl.ts";
import { lockKeys, registryRows, setTenantKeyState, tenantKeyState } from "../../keys/registry-rows.ts";

/** A version of a key as it was before its bytes went. */
export interface ShreddedKey {
  readonly purpose: KeyPurpose;
  readonly version: number;
  readonly state: string;
  readonly provider: string;
  /** SHA-256 of the wrapped bytes, hex; null where they had gone before. */
  readonly sha256: string | null;
}

/** How far it came in one database; times in RFC 3339, by that database's clock. */
export interface ShredRecord {
  readonly disabledAt: string;
  readonly leftAt: string | null;
  readonly outAt: string | null;
  readonly endedAt: string | null;
  /** Milliseconds until nobody holds a key, and how long that was from when everybody was out. */
  readonly remaining: number;
  readonly bound: number;
  readonly cleared: Readonly<Record<string, number>>;
  readonly keys: readonly ShreddedKey[];
}

/** Nothing is sealed or opened by whoever asks from now on, and nobody makes the tenant active again. */
export async function disableKeys(session: SqlSession, tenant: string, operation: string): Promise<void> {
  await lockKeys(session, tenant);
  const before = await tenantKeyState(session, tenant);
  if (before === "active") await setTenantKeyState(session, tenant, "disabled");
  await session.query(
    `INSERT INTO ${tenantShredTable} AS s (tenant_id, operation, state_before) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id) DO UPDATE SET operation = excluded.operation, state_before = excluded.state_before,
  disabled_at = excluded.disabled_at, left_at = NULL, out_at = NULL, cleared = '{}', keys = NULL, ended_at = NULL, cancelled_at = NULL
WHERE s.operation <> excluded.operation`,
    [tenant, operation, before],
  );
}

/** What it was before, where nothing was destroyed yet. Can be run again. */
export async function enableKeys(session: SqlSession, tenant: string, operation: string): Promise<void> {
  await lockKeys(session, tenant);
  const { rows } = await session.query(
    `UPDATE ${tenantShredTable} SET cancelled_at = pg_catalog.clock_timestamp()
WHERE tenant_id = $1 AND operation = $2 AND ended_at IS NULL AND cancelled_at IS NULL RETURNING state_before`,
    [tenant, operation],
  );
  if (rows[0]?.["state_before"] === "active") await setTenantKeyState(session, tenant, "active");
}

/** Everybody who was inside is out: from now on the time runs after which nobody holds a key. */
export async function everybodyLeft(session: SqlSession, tenant: string): Promise<void> {
  await session.query(
    `UPDATE ${tenantShredTable} SET left_at = pg_catalog.clock_timestamp(), out_at = ${outAfterNow}
WHERE tenant_id = $1 AND left_at IS NULL`,
    [tenant],
  );
}

/** Adds to what was cleared of a column, together with it. */
export async function countCleared(
  session: SqlSession,
  tenant: string,
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [column, count] of Object.entries(counts))
    await session.query(
      `UPDATE ${tenantShredTable}
SET cleared = cleared || pg_catalog.jsonb_build_object($2::text, COALESCE((cleared ->> $2)::bigint, 0) + $3::bigint)
WHERE tenant_id = $1`,
      [tenant, column, String(count)],
    );
}

/** The bytes of the keys go, and what they were stays; the audit's only where it is named. */
export async function destroyKeys(session: SqlSession, tenant: string, withAudit: boolean): Promise<void> {
  await lockKeys(session, tenant);
  const record = await shredRecord(session, tenant);
  if (record === null || record.endedAt !== null) return;
  const keys: readonly ShreddedKey[] = (await registryRows(session, tenant))
    .filter(({ purpose }) => withAudit || purpose !== "audit")
    .map(({ purpose, version, state, provider, wrapped }) => ({
      purpose,
      version,
      state,
      provider,
      sha256: wrapped === null ? null : createHash("sha256").update(wrapped).digest("hex"),
    }));
  await setTenantKeyState(session, tenant, "destroyed");
  if (withAudit)
    await session.query(
      `UPDATE ${tenantKeyTable} SET state = 'destroyed', wrapped = NULL WHERE tenant_id = $1 AND state <> 'destroyed'`,
      [tenant],
    );
  await session.query(
    `UPDATE ${tenantShredTable} SET keys = $2::jsonb, ended_at = pg_catalog.clock_timestamp() WHERE tenant_id = $1`,
    [tenant, JSON.stringify(keys)],
  );
}

const instant = (column: string): string =>
  `pg_catalog.to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const milliseconds = (span: string): string => `COALESCE((EXTRACT(epoch FROM ${span}) * 1000)::float8, 0)`;

/** Null where no shredding of the tenant was begun in the database. */
export async function shredRecord(session: SqlSession, tenant: string): Promise<ShredRecord | null> {
  const { rows } = await session.query(
    `SELECT ${instant("disabled_at")} AS "disabledAt", ${instant("left_at")} AS "leftAt", ${instant("out_at")} AS "outAt",
  ${instant("ended_at")} AS "endedAt", ${milliseconds("out_at - pg_catalog.clock_timestamp()")} AS remaining,
  ${milliseconds("out_at - left_at")} AS bound, cleared::text AS cleared, COALESCE(keys, '[]')::text AS keys
FROM ${tenantShredTable} WHERE tenant_id = $1`,
    [tenant],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const textOrNull = (name: string): string | null => (typeof row[name] === "string" ? row[name] : null);
  return {
    disabledAt: String(row["disabledAt"]),
    leftAt: textOrNull("leftAt"),
    outAt: textOrNull("outAt"),
    endedAt: textOrNull("endedAt"),
    remaining: Number(row["remaining"]),
    bound: Number(row["bound"]),
    cleared: JSON.parse(String(row["cleared"])) as Readonly<Record<string, number>>,
    keys: JSON.parse(String(row["keys"])) as readonly ShreddedKey[],
  };
}
