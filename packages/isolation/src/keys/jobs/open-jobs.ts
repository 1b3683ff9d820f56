/** Jobs over a tenant's cells that are not at their end, for whoever asks how its keys stand. */
import type { SqlSession } from "../../contracts.ts";
import { keyJobTable, type KeyJobKind, type KeyJobState } from "./job-ddl.ts";

export interface OpenJob {
  readonly kind: KeyJobKind;
  readonly schema: string;
  /** Null for the whole of it. */
  readonly table: string | null;
  readonly state: KeyJobState;
  /** Rows that were looked at in the pass that was last, and how many there were at the beginning. */
  readonly seen: number;
  readonly all: number;
  readonly startedAt: Date;
  /** When it last moved; whether anybody is at it now, it does not say. */
  readonly movedAt: Date;
}

/** By kind, schema and table. None in a database that was made before there were jobs. */
export async function openJobs(session: SqlSession, tenant: string): Promise<readonly OpenJob[]> {
  if (!(await hasJobs(session))) return [];
  const { rows } = await session.query(
    `SELECT kind, schema_name, table_name, state, rows_seen::text AS seen, rows_all::text AS all_rows,
  (EXTRACT(epoch FROM started_at) * 1000)::float8 AS started, (EXTRACT(epoch FROM moved_at) * 1000)::float8 AS moved
FROM ${keyJobTable} WHERE tenant_id = $1 AND state <> 'done' ORDER BY kind, schema_name, table_name`,
    [tenant],
  );
  return rows.map((row) => ({
    kind: row["kind"] as KeyJobKind,
    schema: String(row["schema_name"]),
    table: row["table_name"] === "" ? null : String(row["table_name"]),
    state: row["state"] as KeyJobState,
    seen: Number(row["seen"]),
    all: Number(row["all_rows"]),
    startedAt: new Date(Number(row["started"])),
    movedAt: new Date(Number(row["moved"])),
  }));
}

export async function hasJobs(session: SqlSession): Promise<boolean> {
  const { rows } = await session.query(`SELECT pg_catalog.to_regclass('${keyJobTable}')::text AS there`, []);
  return rows[0]?.["there"] != null;
}
