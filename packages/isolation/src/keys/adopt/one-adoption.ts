/** One run at a time over the columns of a schema: a second one is refused, and takes nothing over before the first is gone. */
import type { Database } from "../../contracts.ts";
import { sqlState } from "../../write/refusal.ts";
import { AdoptionError } from "./adoption-error.ts";

/** A number that no other use of advisory locks has. */
const lockSpace = 0x61_64_6f_70;
const lock = `pg_catalog.hashtextextended($1::text COLLATE pg_catalog."C", ${lockSpace})`;

/** Milliseconds: a process that has just died may not be gone from the server yet. */
const patience = 3_000;

/** Holds a connection of its own meanwhile, with which the lock ends. Throws `adopt/busy`. */
export async function oneAdoption<T>(database: Database, run: () => Promise<T>): Promise<T> {
  // An embedded database has one session, in one process.
  if (database.kind === "embedded") return run();
  return database.turn(async (session) => {
    const { schema } = database;
    try {
      await session.query("BEGIN", []);
      await session.query(`SET LOCAL lock_timeout = ${patience}`, []);
      await session.query(`SELECT pg_catalog.pg_advisory_lock(${lock})`, [schema]);
      await session.query("COMMIT", []);
    } catch (error) {
      await session.query("ROLLBACK", []).catch(() => undefined);
      if (sqlState(error) !== "55P03") throw error;
      throw new AdoptionError("adopt/busy", "another process is adopting columns of these tables");
    }
    try {
      return await run();
    } finally {
      await session.query(`SELECT pg_catalog.pg_advisory_unlock(${lock})`, [schema]).catch(() => undefined);
    }
  });
}
