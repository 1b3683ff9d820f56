/** Sends a statement that this package built. */
import type { SqlResult, SqlSession } from "../contracts.ts";
import { render, sql, type Sql } from "../scope/text.ts";

export function run(session: SqlSession, statement: Sql): Promise<SqlResult> {
  const { text, parameters } = render(statement);
  return session.query(text, parameters);
}

/**
 * A column as text for {@link textCell}, behind a sign of ours: a driver that decodes text as UTF-8 may take a leading
 * U+FEFF for a byte order mark and drop it, and a decision must see the value that is stored.
 */
export function exactText(column: Sql): Sql {
  return sql`'=' || ${column}::text`;
}

/** The text that {@link exactText} selected. Null and anything else throw, because our statements never yield them there. */
export function textCell(row: Record<string, unknown>, column: string): string {
  const cell = row[column];
  if (typeof cell !== "string" || !cell.startsWith("=")) throw new TypeError(`no text in ${column}`);
  return cell.slice(1);
}
