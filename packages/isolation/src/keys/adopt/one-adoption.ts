/** One run at a time over the columns of a schema: a second one is refused, and takes nothing over before the first is gone. */
import type { Database } from "../../contracts.ts";
import { withSessionLock } from "../jobs/session-lock.ts";
import { AdoptionError } from "./adoption-error.ts";

const lockSpace = 0x61_64_6f_70;

/** Holds a connection of its own meanwhile, with which the lock ends. Throws `adopt/busy`. */
export async function oneAdoption<T>(database: Database, run: () => Promise<T>): Promise<T> {
  // An embedded database has one session, in one process.
  if (database.kind === "embedded") return run();
  const busy = () => new AdoptionError("adopt/busy", "another process is adopting columns of these tables");
  return database.turn((session) =>
    withSessionLock(session, { space: lockSpace, name: database.schema }, busy, run),
  );
}
