/** The record of a job: it moves in the transaction that does the work, so that neither stands without the other. */
import type { SqlSession } from "../../contracts.ts";
import { keyJobTable, type KeyJobKind, type KeyJobState } from "./job-ddl.ts";
import { KeyJobError } from "./job-error.ts";
import type { JobPlace } from "./job-place.ts";
import { hasJobs } from "./open-jobs.ts";

/** Which job: of one table, or of the whole operation where that is empty. */
export interface JobName {
  readonly kind: KeyJobKind;
  readonly table: string;
}

export interface JobRecord {
  readonly target: string;
  readonly state: KeyJobState;
  /** Which run is, or was last, at it. */
  readonly run: string;
  readonly cursor: readonly string[] | null;
  readonly rowsAll: number;
  readonly rowsSeen: number;
  readonly rowsDone: number;
  readonly startedAt: Date;
  readonly movedAt: Date;
}

const which = "tenant_id = $1 AND kind = $2 AND schema_name = $3 AND table_name = $4";
const columns = `target, state, run::text AS run, pg_catalog.array_to_json(cursor_key)::text AS cursor, rows_all::text AS rows_all, rows_seen::text AS rows_seen, rows_done::text AS rows_done,
  (EXTRACT(epoch FROM started_at) * 1000)::float8 AS started, (EXTRACT(epoch FROM moved_at) * 1000)::float8 AS moved`;

const nameOf = ({ tenant, schema }: JobAt, { kind, table }: JobName) => [tenant, kind, schema, table];
type JobAt = Pick<JobPlace, "tenant" | "schema">;

export async function readJob(session: SqlSession, at: JobAt, name: JobName): Promise<JobRecord | null> {
  const { rows } = await session.query(
    `SELECT ${columns} FROM ${keyJobTable} WHERE ${which}`,
    nameOf(at, name),
  );
  return rows[0] === undefined ? null : recordOf(rows[0]);
}

/**
 * Takes the job over for this run. It goes on where it was left off if it has the same target and its first pass was not at its end;
 * else it begins anew.
 */
export async function beginJob(
  session: SqlSession,
  place: JobPlace,
  name: JobName,
  target: string,
): Promise<JobRecord> {
  const goesOn = "j.target = excluded.target AND j.state = 'running' AND j.cursor_key IS NOT NULL";
  const kept = (column: string, anew: string): string =>
    `${column} = CASE WHEN ${goesOn} THEN j.${column} ELSE ${anew} END`;
  const { rows } = await session.query(
    `INSERT INTO ${keyJobTable} AS j (tenant_id, kind, schema_name, table_name, target, state, run)
VALUES ($1, $2, $3, $4, $5, 'running', $6)
ON CONFLICT (tenant_id, kind, schema_name, table_name) DO UPDATE SET target = excluded.target, run = excluded.run, state = 'running',
  ${kept("cursor_key", "NULL")}, ${kept("rows_all", "0")}, ${kept("rows_seen", "0")}, ${kept("rows_done", "0")},
  ${kept("started_at", "excluded.started_at")}, moved_at = excluded.moved_at
RETURNING ${columns}`,
    [...nameOf(place, name), target, place.run],
  );
  return recordOf(rows[0] as Readonly<Record<string, unknown>>);
}

export interface JobMove {
  readonly state: KeyJobState;
  readonly cursor: readonly string[] | null;
  readonly rowsAll: number;
  readonly rowsSeen: number;
  readonly rowsDone: number;
}

/** Throws `keys/job-taken` where another run has taken the job over: then the transaction must be undone. */
export async function moveJob(
  session: SqlSession,
  place: JobPlace,
  name: JobName,
  to: JobMove,
): Promise<void> {
  const { rows } = await session.query(
    `UPDATE ${keyJobTable} SET state = $6, cursor_key = $7::text[], rows_all = $8, rows_seen = $9, rows_done = $10, moved_at = pg_catalog.clock_timestamp()
WHERE ${which} AND run = $5 RETURNING kind`,
    [
      ...nameOf(place, name),
      place.run,
      to.state,
      to.cursor,
      String(to.rowsAll),
      String(to.rowsSeen),
      String(to.rowsDone),
    ],
  );
  // Invariant: of two runs only the later one changes anything.
  if (rows.length !== 1) throw taken();
}

/** Writes down what the job is about, of one that is not at its end. Throws as {@link moveJob}. */
export async function noteTarget(
  session: SqlSession,
  place: JobPlace,
  name: JobName,
  target: string,
): Promise<void> {
  const { rows } = await session.query(
    `UPDATE ${keyJobTable} SET target = $6, moved_at = pg_catalog.clock_timestamp() WHERE ${which} AND run = $5 RETURNING kind`,
    [...nameOf(place, name), place.run, target],
  );
  if (rows.length !== 1) throw taken();
}

/** Ends what tenants' jobs of the name have left off, where it was taken back: nobody goes on with it. */
export async function endJobs(session: SqlSession, schema: string, { kind, table }: JobName): Promise<void> {
  if (!(await hasJobs(session))) return;
  await session.query(
    `UPDATE ${keyJobTable} SET state = 'done', cursor_key = NULL, moved_at = pg_catalog.clock_timestamp()
WHERE kind = $1 AND schema_name = $2 AND table_name = $3 AND state <> 'done'`,
    [kind, schema, table],
  );
}

const taken = (): KeyJobError =>
  new KeyJobError("keys/job-taken", "another run has taken over the job over the tenant's cells");

function recordOf(row: Readonly<Record<string, unknown>>): JobRecord {
  return {
    target: String(row["target"]),
    state: row["state"] as KeyJobState,
    run: String(row["run"]),
    cursor: JSON.parse((row["cursor"] ?? "null") as string) as readonly string[] | null,
    rowsAll: Number(row["rows_all"]),
    rowsSeen: Number(row["rows_seen"]),
    rowsDone: Number(row["rows_done"]),
    startedAt: new Date(Number(row["started"])),
    movedAt: new Date(Number(row["moved"])),
  };
}
