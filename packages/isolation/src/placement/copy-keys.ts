/**
 * Brings the registry of a tenant's keys to another database, still wrapped. What stands there is only ever continued: no state
 * goes back, so what was destroyed in one of the two stays destroyed.
 */
import type { SqlSession } from "../contracts.ts";
import {
  keyStates,
  tenantKeyStates,
  tenantKeyStateTable,
  tenantKeyTable,
  type TenantKeyState,
} from "../keys/registry-ddl.ts";
import { lockKeys, tenantKeyState } from "../keys/registry-rows.ts";
import { PlacementError } from "./placement-error.ts";

/** Purpose, version, state, provider, wrapped bytes in hex or null, count of wrappings, when it was made, when it is written with, its check value in hex. */
export type KeyTexts = readonly [
  string,
  string,
  string,
  string,
  string | null,
  string,
  string,
  string,
  string,
];

export interface CarriedKeys {
  readonly state: TenantKeyState;
  /** By purpose and version, ascending. */
  readonly rows: readonly KeyTexts[];
}

const columns = [
  "purpose",
  "version",
  "state",
  "provider",
  "wrapped",
  "wraps",
  "made_at",
  "writes_from",
  "check_value",
];
const instant = (column: string): string =>
  `pg_catalog.to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${column}`;

export async function readKeys(session: SqlSession, tenant: string): Promise<CarriedKeys> {
  const { rows } = await session.query(
    `SELECT purpose, version::text AS version, state, provider, pg_catalog.encode(wrapped, 'hex') AS wrapped, wraps::text AS wraps,
  ${instant("made_at")}, ${instant("writes_from")}, pg_catalog.encode(check_value, 'hex') AS check_value
FROM ${tenantKeyTable} AS k WHERE tenant_id = $1 ORDER BY k.purpose, k.version`,
    [tenant],
  );
  return {
    state: await tenantKeyState(session, tenant),
    rows: rows.map((row) => columns.map((column) => row[column]) as unknown as KeyTexts),
  };
}

/** Throws `placement/keys-forked` where a version there is another key than the given one. */
export async function carryKeys(
  session: SqlSession,
  tenant: string,
  { state, rows }: CarriedKeys,
): Promise<void> {
  await lockKeys(session, tenant);
  const there = await readKeys(session, tenant);
  const known = new Map(there.rows.map((row) => [nameOf(row), row]));
  for (const row of rows) {
    const mine = known.get(nameOf(row));
    if (mine !== undefined && (mine[6] !== row[6] || mine[8] !== row[8]))
      throw new PlacementError(
        "placement/keys-forked",
        `the place has another key of the tenant as version ${row[1]} for ${row[0]}`,
      );
  }
  const isDead = state === "destroyed" || there.state === "destroyed";
  // What is known goes forward first, so that no two versions are current when the new ones come.
  for (const row of rows) {
    const mine = known.get(nameOf(row));
    if (mine !== undefined && isFurther(row, mine)) await advance(session, tenant, row, mine);
  }
  const newest = new Map(there.rows.map(([purpose, version]) => [purpose, Number(version)]));
  for (const row of rows) {
    if (known.has(nameOf(row)) || Number(row[1]) < (newest.get(row[0]) ?? 0)) continue;
    await insert(session, tenant, isDead && row[0] !== "audit" ? destroyed(row) : row);
  }
  if (rank(tenantKeyStates, state) > rank(tenantKeyStates, there.state))
    await session.query(
      `INSERT INTO ${tenantKeyStateTable} (tenant_id, state) VALUES ($1, $2)
ON CONFLICT (tenant_id) DO UPDATE SET state = excluded.state, since = excluded.since`,
      [tenant, state],
    );
}

const nameOf = ([purpose, version]: KeyTexts): string => `${purpose} ${version}`;
const destroyed = (row: KeyTexts): KeyTexts => row.with(2, "destroyed").with(4, null) as unknown as KeyTexts;
const rank = (states: readonly string[], state: string): number => states.indexOf(state);

function isFurther(row: KeyTexts, mine: KeyTexts): boolean {
  return rank(keyStates, row[2]) > rank(keyStates, mine[2]);
}

async function advance(session: SqlSession, tenant: string, row: KeyTexts, mine: KeyTexts): Promise<void> {
  const wrapped = row[2] === "destroyed" ? null : mine[4];
  await session.query(
    `UPDATE ${tenantKeyTable} SET state = $4, wrapped = pg_catalog.decode($5, 'hex')
WHERE tenant_id = $1 AND purpose = $2 AND version = $3`,
    [tenant, row[0], row[1], row[2], wrapped],
  );
}

async function insert(session: SqlSession, tenant: string, row: KeyTexts): Promise<void> {
  await session.query(
    `INSERT INTO ${tenantKeyTable} (tenant_id, purpose, version, state, provider, wrapped, wraps, made_at, writes_from, check_value)
VALUES ($1, $2, $3, $4, $5, pg_catalog.decode($6, 'hex'), $7, $8::timestamptz, $9::timestamptz, pg_catalog.decode($10, 'hex'))`,
    [tenant, ...row],
  );
}
