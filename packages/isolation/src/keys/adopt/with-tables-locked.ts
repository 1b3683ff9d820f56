/**
 * A short transaction that has tables to itself. Whoever comes after a waiting lock waits behind it, so it waits for moments only,
 * steps back, and comes again.
 */
import type { Database, SqlSession } from "../../contracts.ts";
import { asOperator } from "../../placement/operator-session.ts";
import { sqlState } from "../../write/refusal.ts";
import { AdoptionError } from "./adoption-error.ts";

export interface LockOptions {
  /** Milliseconds for which others may have to wait behind one try. Default: 1000. */
  readonly lockTimeout?: number;
  /** Milliseconds after which no other try is made. Default: a minute. */
  readonly lockPatience?: number;
}

/** Lock not available, or a deadlock that this transaction was chosen to end. */
const isBusy = (error: unknown): boolean => ["55P03", "40P01"].includes(sqlState(error) ?? "");

/** Throws `adopt/busy` with nothing done. `relations`: written with their schemas. */
export function withTablesLocked<T>(
  database: Database,
  relations: readonly string[],
  options: LockOptions,
  run: (session: SqlSession) => Promise<T>,
): Promise<T> {
  return retryWhileBusy(
    options,
    "others held the tables for too long: nothing was done, try again",
    (timeout) =>
      asOperator(database, async (session) => {
        await session.query(`SET LOCAL lock_timeout = ${timeout}`, []);
        if (relations.length > 0)
          await session.query(`LOCK TABLE ${relations.join(", ")} IN ACCESS EXCLUSIVE MODE`, []);
        return run(session);
      }),
  );
}

/** Comes again while others hold what is asked for; each try waits for so many milliseconds. Throws `adopt/busy`. */
export async function retryWhileBusy<T>(
  { lockTimeout = 1_000, lockPatience = 60_000 }: LockOptions,
  refusal: string,
  tryIt: (timeout: number) => Promise<T>,
): Promise<T> {
  const began = performance.now();
  for (let pause = 50; ; pause = Math.min(2 * pause, 2_000)) {
    try {
      return await tryIt(Math.max(1, Math.trunc(lockTimeout)));
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() - began > lockPatience) throw new AdoptionError("adopt/busy", refusal);
    }
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random() / 2)));
  }
}
