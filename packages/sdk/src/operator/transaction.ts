import type { Database, SqlSession } from "@wardline/isolation";

/** Runs statements in one transaction of the operator, outside any tenant's context. */
export async function inTransaction<T>(
  database: Database,
  run: (session: SqlSession) => Promise<T>,
): Promise<T> {
  return database.turn(async (session) => {
    await session.query("BEGIN", []);
    const result = await run(session).catch(async (error: unknown) => {
      await session.query("ROLLBACK", []);
      throw error;
    });
    await session.query("COMMIT", []);
    return result;
  });
}
