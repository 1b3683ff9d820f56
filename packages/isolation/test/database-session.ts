/** One real embedded database for a test file, as a session; transactions are the tests' own. */
import { PGlite } from "@electric-sql/pglite";
import type { SqlSession } from "../src/contracts.ts";

export interface TestDatabase {
  readonly session: SqlSession;
  run(statements: readonly string[]): Promise<void>;
  /** Runs in a transaction and rolls it back, whatever happens. */
  trial<T>(work: () => Promise<T>): Promise<T>;
  /** Runs in a transaction and commits it. */
  commit<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function openTestDatabase(): Promise<TestDatabase> {
  const connection = await PGlite.create();
  await connection.exec("SET search_path = ''");
  const session: SqlSession = {
    async query(sql, parameters) {
      const result = await connection.query<Record<string, unknown>>(sql, [...parameters]);
      return { rows: result.rows, affected: result.affectedRows ?? 0 };
    },
  };
  return {
    session,
    async run(statements) {
      await connection.exec("BEGIN");
      for (const statement of statements) await session.query(statement, []);
      await connection.exec("COMMIT");
    },
    async trial(work) {
      await connection.exec("BEGIN");
      try {
        return await work();
      } finally {
        await connection.exec("ROLLBACK");
      }
    },
    async commit(work) {
      await connection.exec("BEGIN");
      try {
        const result = await work();
        await connection.exec("COMMIT");
        return result;
      } catch (error) {
        await connection.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => connection.close(),
  };
}

/** The SQLSTATE of a rejection; fails if there is none. */
export async function stateOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
  return "no error";
}
