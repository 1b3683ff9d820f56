/** A pool of `pg` in shape alone: it has no connections, and all that is asked of it is asked of a session. */
import type { AnyTables, Session } from "../session.ts";
import { GuardedClient } from "./guarded-client.ts";
import { readPgQuery, runPgQuery, type PgQuery, type PgResult } from "./pg-query.ts";

export class GuardedPool {
  readonly #session: Session;

  /** Made by {@link pgAdapter} alone. */
  constructor(session: Session) {
    this.#session = session;
  }

  /** One SELECT: see {@link Session.query}. Rejects, before anything is executed, for whatever else. */
  async query<Row = Record<string, unknown>>(
    query: string | PgQuery,
    values?: readonly unknown[],
    ...more: readonly unknown[]
  ): Promise<PgResult<Row>> {
    const result = await runPgQuery(this.#session.db, readPgQuery(query, values, more));
    return result as PgResult<Row>;
  }

  /** A client for transactions. Give it back by `release()`. */
  async connect(): Promise<GuardedClient> {
    return new GuardedClient(this.#session);
  }
}

/** For code and libraries that ask a pool of `pg`. On a server alone. It is of one session, and ends with it: make one for each request. */
export function pgAdapter<Tables = AnyTables>(session: Session<Tables>): GuardedPool {
  // Queries are texts here: which tables a session is typed by makes no difference.
  return new GuardedPool(session as unknown as Session);
}
