/** Several statements of one transaction, in one round trip where the session can do that. */
import type { SqlResult, SqlSession, SqlStatement } from "../contracts.ts";

export async function queryAll(
  session: SqlSession,
  statements: readonly SqlStatement[],
): Promise<readonly SqlResult[]> {
  if (session.batch !== undefined) return session.batch(statements);
  const results: SqlResult[] = [];
  for (const { sql, parameters } of statements) results.push(await session.query(sql, parameters));
  return results;
}
