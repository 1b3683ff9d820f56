/** What callers of `pg` give to `query`, and what they get. */
import { UnsupportedQuery } from "@wardline/isolation";
import { CompiledQuery, type Kysely } from "kysely";
import type { AnyTables } from "../session.ts";

/** `name` is not used: what is executed is the text, whatever was prepared under a name before. */
export interface PgQuery {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly name?: string;
  /** `array`: each row as its values, in the order in which the text selects them. */
  readonly rowMode?: "array";
}

export interface PgField {
  readonly name: string;
}

export interface PgResult<Row = Record<string, unknown>> {
  readonly command: "SELECT" | "BEGIN" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE";
  readonly rowCount: number;
  readonly rows: Row[];
  /** By the first row: none where there is no row. */
  readonly fields: readonly PgField[];
}

/** Throws a TypeError for callbacks, cursors and streams of `pg`, and for what is no query. */
export function readPgQuery(given: unknown, values: unknown, more: readonly unknown[]): PgQuery {
  if (more.some((one) => one !== undefined) || typeof values === "function")
    throw new TypeError("a query answers with a promise: it takes no callback");
  const config: unknown = typeof given === "string" ? { text: given } : given;
  if (typeof config !== "object" || config === null) throw new TypeError("a query is a text, or has one");
  if ("submit" in config)
    throw new TypeError("cursors and streams of pg are not carried: use db.stream of Kysely");
  // Once: whatever answers differently the second time was read as it was executed.
  const { text, values: own, rowMode } = config as Partial<PgQuery>;
  const list = values ?? own ?? [];
  if (typeof text !== "string" || !Array.isArray(list))
    throw new TypeError("a query is a text and a list of values");
  if (rowMode !== undefined && rowMode !== "array") throw new TypeError("rowMode is array, or left out");
  return { text, values: [...(list as unknown[])], ...(rowMode === undefined ? {} : { rowMode }) };
}

export async function runPgQuery(db: Kysely<AnyTables>, query: PgQuery): Promise<PgResult<unknown>> {
  const { rows } = await db.executeQuery<Record<string, unknown>>(
    CompiledQuery.raw(query.text, [...(query.values ?? [])]),
  );
  const names = Object.keys(rows[0] ?? {});
  return {
    command: "SELECT",
    rowCount: rows.length,
    rows: query.rowMode === "array" ? rows.map((row) => inOrder(row, names)) : rows,
    fields: names.map((name) => ({ name })),
  };
}

/** Invariant: the order of the text. Names that are numbers stand first in every object, so their order is lost. */
function inOrder(row: Record<string, unknown>, names: readonly string[]): unknown[] {
  if (names.some((name) => /^\d+$/.test(name)))
    throw new UnsupportedQuery(
      "query/duplicate-name",
      "a column of the result is called by a number: call it otherwise by AS",
    );
  return names.map((name) => row[name]);
}
