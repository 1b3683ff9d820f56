/** What every transaction of an operator on a tenant's rows begins with. */
import type { Database, SqlSession } from "../contracts.ts";
import { PlacementError } from "./placement-error.ts";
import { transactionOf } from "./transaction.ts";

/** So that a value has one text, whatever the server or the login has set. */
const pinned = [
  "SET LOCAL search_path = ''",
  "SET LOCAL TimeZone = 'UTC'",
  "SET LOCAL DateStyle = 'ISO, MDY'",
  "SET LOCAL row_security = off",
  "SET LOCAL standard_conforming_strings = on",
];

/**
 * A transaction in which every row is seen. Row-level security that would apply raises instead of hiding rows.
 * Throws `placement/not-operator`.
 */
export function asOperator<T>(
  database: Database,
  run: (session: SqlSession) => Promise<T>,
  begin = "BEGIN",
): Promise<T> {
  return database.turn((session) => operatorTransaction(session, run, begin));
}

/** The same on a session that has no transaction open. */
export function operatorTransaction<T>(
  session: SqlSession,
  run: (session: SqlSession) => Promise<T>,
  begin = "BEGIN",
): Promise<T> {
  return transactionOf(
    session,
    async () => {
      for (const statement of pinned) await session.query(statement, []);
      const { rows } = await session.query(
        `SELECT (r.rolsuper OR r.rolbypassrls)::text AS above FROM pg_catalog.pg_roles r WHERE r.rolname = current_user`,
        [],
      );
      if (rows[0]?.["above"] !== "true")
        throw new PlacementError(
          "placement/not-operator",
          "the login must own the tables and bypass row-level security, and not be the application's",
        );
      return run(session);
    },
    begin,
  );
}

/** One moment for all that is read. */
export const snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
