/** Tries a statement as a role and undoes it, whatever it did. */
import type { SqlSession } from "../../contracts.ts";

/** The count that a statement answers; or the SQLSTATE with which the server refused it. */
export type Outcome = { readonly count: number } | { readonly state: string };

/** `sql` answers one row with `count`. In the open transaction nothing of it is left. */
export async function attempt(session: SqlSession, role: string, sql: string): Promise<Outcome> {
  await session.query("SAVEPOINT attempt", []);
  try {
    await session.query(`SET LOCAL ROLE ${role}`, []);
    const { rows } = await session.query(sql, []);
    return { count: Number(rows[0]?.["count"]) };
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) throw error;
    return { state: code };
  } finally {
    await session.query("ROLLBACK TO SAVEPOINT attempt", []);
  }
}

/** The server itself is at its end, or the statement took too long: nothing was shown by that. */
export function isInconclusive(outcome: Outcome): boolean {
  return "state" in outcome && /^(?:53|54|55P03|57)/.test(outcome.state);
}
