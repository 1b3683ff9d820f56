/** Questions to the database as values, so that several can be sent at once and are still answered in their order. */
import type { SqlResult, SqlSession } from "../contracts.ts";
import { queryAll } from "../database/query-all.ts";
import { render, type Sql } from "../scope/text.ts";

/** Statements, and what their answers say. */
export interface Asking<T> {
  readonly statements: readonly Sql[];
  /** Gets the answer to each statement. */
  readonly read: (answers: readonly SqlResult[]) => T;
}

/** A question that needs no database. */
export function known<T>(value: T): Asking<T> {
  return { statements: [], read: () => value };
}

/** The answers, in one round trip where the session can do that. What is asked later sees what was written by what came before. */
export async function inOrder<T extends readonly unknown[]>(
  session: SqlSession,
  ...asked: { readonly [K in keyof T]: Asking<T[K]> }
): Promise<T> {
  const statements = asked.flatMap((one) =>
    one.statements.map((statement) => {
      const { text, parameters } = render(statement);
      return { sql: text, parameters };
    }),
  );
  const answers = statements.length === 0 ? [] : await queryAll(session, statements);
  let at = 0;
  return asked.map((one) =>
    one.read(answers.slice(at, (at += one.statements.length))),
  ) as readonly unknown[] as T;
}
