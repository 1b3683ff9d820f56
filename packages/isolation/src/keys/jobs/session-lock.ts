/** A lock that a session holds beyond its transactions. On a server it ends with the session, however that ends. */
import type { SqlSession } from "../../contracts.ts";
import { operatorTransaction } from "../../placement/operator-session.ts";
import { sqlState } from "../../write/refusal.ts";

export interface SessionLock {
  /** A number that no other use of advisory locks on such names has. */
  readonly space: number;
  readonly name: string;
}

/** Milliseconds: a process that has just died may not be gone from the server yet. */
const patience = 3_000;

/** Throws `busy()` with nothing run where another session has the lock, and `placement/not-operator`. */
export async function withSessionLock<T>(
  session: SqlSession,
  { space, name }: SessionLock,
  busy: () => Error,
  run: () => Promise<T>,
): Promise<T> {
  const lock = `pg_catalog.hashtextextended($1::text COLLATE pg_catalog."C", ${space})`;
  try {
    await operatorTransaction(session, async () => {
      await session.query(`SET LOCAL lock_timeout = ${patience}`, []);
      await session.query(`SELECT pg_catalog.pg_advisory_lock(${lock})`, [name]);
    });
  } catch (error) {
    if (sqlState(error) !== "55P03") throw error;
    throw busy();
  }
  try {
    return await run();
  } finally {
    await session.query(`SELECT pg_catalog.pg_advisory_unlock(${lock})`, [name]).catch(() => undefined);
  }
}
