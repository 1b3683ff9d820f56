/** Sends a statement that this package built. */
import type { SqlResult, SqlSession } from "../contracts.ts";
import { render, type Sql } from "../scope/text.ts";

export function run(session: SqlSession, statement: Sql): Promise<SqlResult> {
  const { text, parameters } = render(statement);
  return session.query(text, parameters);
}

/** A text cell of a statement of ours; null and anything else throw, because our statements never yield them there. */
export function textCell(row: Record<string, unknown>, column: string): string {
  const cell = row[column];
  if (typeof cell !== "string") throw new TypeError(`no text in ${column}`);
  return cell;
}
