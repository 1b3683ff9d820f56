/** A transaction of the operator, outside any tenant's context. */
import type { Database, SqlSession } from "../contracts.ts";

/** Commits what `run` did, or nothing of it. `begin` may say more, such as an isolation level. */
export function inTransaction<T>(
  database: Database,
  run: (session: SqlSession) => Promise<T>,
  begin = "BEGIN",
): Promise<T> {
  return database.turn((session) => transactionOf(session, run, begin));
}

/** The same on a session that has no transaction open. */
export async function transactionOf<T>(
  session: SqlSession,
  run: (session: SqlSession) => Promise<T>,
  begin = "BEGIN",
): Promise<T> {
  await session.query(begin, []);
  const result = await run(session).catch(async (error: unknown) => {
    await session.query("ROLLBACK", []).catch(() => undefined);
    throw error;
  });
  await session.query("COMMIT", []);
  return result;
}
