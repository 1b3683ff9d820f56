/** Drizzle over a session: it reads as the session's principal may. Needs the package `drizzle-orm`. */
import { DrizzleQueryError } from "drizzle-orm";
import { PgDialect, type PreparedQueryConfig } from "drizzle-orm/pg-core";
import { PgRemoteDatabase, PgRemoteSession, type PreparedQuery } from "drizzle-orm/pg-proxy";
import { pgAdapter } from "./pg/guarded-pool.ts";
import type { AnyTables, Session } from "./session.ts";

/** What of Drizzle reads, and nothing else: a write does not compile, and is refused where it is asked for in spite of that. */
export type GuardedDrizzle = Pick<PgRemoteDatabase, Selects | "$with" | "$count" | "execute"> & {
  with(...queries: Parameters<PgRemoteDatabase["with"]>): Pick<ReturnType<PgRemoteDatabase["with"]>, Selects>;
};

type Selects = "select" | "selectDistinct" | "selectDistinctOn";

/**
 * A Drizzle for one session, by the tables that the application declares for it. On a server alone. It takes no cache, whose entries would be shared by
 * tenants, and no logger, which would be told of values. Queries reject with the errors of {@link Session.query}.
 */
export function drizzleAdapter<Tables = AnyTables>(session: Session<Tables>): GuardedDrizzle {
  const pool = pgAdapter(session);
  const dialect = new PgDialect();
  const remote = new BareSession(
    async (text, values, method) =>
      pool.query(method === "all" ? { text, values, rowMode: "array" } : { text, values }),
    dialect,
    undefined,
  );
  return new PgRemoteDatabase(dialect, remote, undefined);
}

type Remote = PgRemoteSession<Record<string, never>, Record<string, never>>;

/** Drizzle puts the values of a query into the message of its errors: what is thrown is the error that was its cause. */
class BareSession extends PgRemoteSession<Record<string, never>, Record<string, never>> {
  override prepareQuery<T extends PreparedQueryConfig>(
    ...given: Parameters<Remote["prepareQuery"]>
  ): PreparedQuery<T> {
    const prepared = super.prepareQuery<T>(...given);
    const execute = prepared.execute.bind(prepared);
    prepared.execute = async (values) => {
      try {
        return await execute(values);
      } catch (error) {
        throw error instanceof DrizzleQueryError && error.cause !== undefined ? error.cause : error;
      }
    };
    return prepared;
  }
}
