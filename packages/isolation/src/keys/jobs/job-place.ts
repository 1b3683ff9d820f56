/**
 * Where a job over a tenant's cells works: one operator's session, under a lock that no second job of the tenant gets. On a server
 * the lock ends with the session, however that ends, so nothing has to be waited for before a job is resumed.
 */
import { randomUUID } from "node:crypto";
import type { Database, SqlSession } from "../../contracts.ts";
import { stateTable, tenantLock } from "../../context/ddl/state-ddl.ts";
import { operatorTransaction } from "../../placement/operator-session.ts";
import { hasAllKinds, keyJobDdl, widenKinds } from "./job-ddl.ts";
import { KeyJobError } from "./job-error.ts";
import { hasJobs } from "./open-jobs.ts";
import { withSessionLock } from "./session-lock.ts";

export interface JobPlace {
  readonly tenant: string;
  /** Of the model's tables. */
  readonly schema: string;
  /** Which run of the job this is. */
  readonly run: string;
  /**
   * A transaction in which every row is seen. Throws `keys/not-here` with nothing done while the tenant is not active in this
   * database: a move would lose what is changed.
   */
  readonly transaction: <T>(work: (session: SqlSession) => Promise<T>) => Promise<T>;
}

const begin = "BEGIN ISOLATION LEVEL READ COMMITTED";

const lockSpace = 0x6a_6f_62_73;

/** Throws `keys/job-busy` where another process is at a job of the tenant, and `placement/not-operator`. */
export async function withJobPlace<T>(
  database: Database,
  tenant: string,
  run: (place: JobPlace) => Promise<T>,
): Promise<T> {
  const { schema } = database;
  const at = { tenant, schema, run: randomUUID() };
  const guarded =
    <R>(work: (session: SqlSession) => Promise<R>) =>
    async (session: SqlSession): Promise<R> => {
      await expectHere(session, tenant);
      return work(session);
    };
  // An embedded database has one session, which the application needs between two pages; the row of the job keeps two runs apart.
  if (database.kind === "embedded") {
    await database.turn((session) => prepare(session));
    return run({
      ...at,
      transaction: (work) => database.turn((session) => operatorTransaction(session, guarded(work), begin)),
    });
  }
  return database.turn(async (session) => {
    await prepare(session);
    const busy = () =>
      new KeyJobError("keys/job-busy", `another process is at a job over cells of the tenant ${tenant}`);
    return withSessionLock(session, { space: lockSpace, name: tenant }, busy, () =>
      run({ ...at, transaction: (work) => operatorTransaction(session, guarded(work), begin) }),
    );
  });
}

/** A database that was made before there were jobs, or all kinds of them, gets the table. */
async function prepare(session: SqlSession): Promise<void> {
  const isThere = await hasJobs(session);
  if (isThere) {
    const { rows } = await session.query(`SELECT ${hasAllKinds}::text AS all_kinds`, []);
    if (rows[0]?.["all_kinds"] === "true") return;
  }
  await operatorTransaction(session, async () => {
    for (const statement of isThere ? [widenKinds] : keyJobDdl()) await session.query(statement, []);
  });
}

/** Takes the lock that everybody has who entered the tenant, so that a move waits for the transaction. */
async function expectHere(session: SqlSession, tenant: string): Promise<void> {
  await session.query(`SELECT pg_catalog.pg_advisory_xact_lock_shared(${tenantLock}($1))`, [tenant]);
  const { rows } = await session.query(`SELECT state FROM ${stateTable} WHERE tenant = $1`, [tenant]);
  const state = rows[0]?.["state"] ?? "active";
  if (state !== "active")
    throw new KeyJobError(
      "keys/not-here",
      "the tenant is not active in this database: it moves or has moved, or is suspended or shredded",
    );
}
