/**
 * What makes the switch short, made while the application goes on: an index that finds the rows that are left, the index of searches,
 * and the proof that each cell has its form.
 */
import type { Database, SqlSession } from "../../contracts.ts";
import { sqlState } from "../../write/refusal.ts";
import { AdoptionError } from "./adoption-error.ts";
import { derivedName, quoteName } from "../../schema/identifier.ts";
import { keyColumns } from "../../schema/table-plan.ts";
import { unsealedYet } from "./adoption-names.ts";
import { isStale, type AdoptedTable } from "./adopted-table.ts";
import { formOf } from "./expand.ts";
import { withTablesLocked, type LockOptions } from "./with-tables-locked.ts";

/** Statements by themselves, outside of a transaction. Throws `adopt/busy`; what was made stands, and is not made again. */
export async function prepareSwitch(
  database: Database,
  tables: readonly AdoptedTable[],
  options: LockOptions,
): Promise<void> {
  for (const table of tables)
    for (const column of table.adopted.filter(({ state }) => state === "beside")) {
      const { relation, plan: of } = table;
      const { names, index, found } = column;
      const key = keyColumns(of, of.key).map(quoteName).join(", ");
      await buildIndex(database, table, names.stale, `(${key}) WHERE ${isStale(column, "")}`);
      if (index !== null)
        await buildIndex(
          database,
          table,
          searchIndex(table, index.name),
          `(${keyColumns(of, [names.index]).map(quoteName).join(", ")})`,
        );
      const has = await database.turn((session) => validated(session, table.oid));
      const alter = `ALTER TABLE ${relation}`;
      if (found.required && !has.has(names.filled)) {
        // Rows that somebody held when their page was sealed have nothing yet.
        await withTablesLocked(database, [], options, (session) =>
          session.query(
            `UPDATE ${relation} AS t SET ${quoteName(names.sealed)} = '\\x${unsealedYet}'::pg_catalog.bytea WHERE ${isStale(column)} AND t.${quoteName(names.sealed)} IS NULL`,
            [],
          ),
        );
        await withTablesLocked(database, [relation], options, (session) =>
          session.query(
            `${alter} ADD CONSTRAINT ${quoteName(names.filled)} CHECK (${quoteName(names.sealed)} IS NOT NULL) NOT VALID`,
            [],
          ),
        );
      }
      for (const name of [
        formOf(table, column, "sealed"),
        ...(index === null ? [] : [formOf(table, column, "index")]),
        ...(found.required ? [names.filled] : []),
      ])
        if (has.get(name) !== true)
          await whileOthersWork(database, (session) =>
            session.query(`${alter} VALIDATE CONSTRAINT ${quoteName(name)}`, []),
          );
    }
}

/** What waits for transactions that were there before. One that does not end is not waited for without end. */
async function whileOthersWork(
  database: Database,
  run: (session: SqlSession) => Promise<unknown>,
): Promise<void> {
  try {
    await database.turn(run);
  } catch (error) {
    if (sqlState(error) !== "55P03") throw error;
    throw new AdoptionError(
      "adopt/busy",
      "a transaction that has been open for long is in the way: what was made stands, end it and run this again",
    );
  }
}

/** As `databaseDdl` calls it, so that the model finds it under its name. */
export const searchIndex = ({ plan }: AdoptedTable, index: string): string =>
  derivedName(plan.name, index, "idx");

async function validated(session: SqlSession, oid: string): Promise<ReadonlyMap<string, boolean>> {
  const { rows } = await session.query(
    "SELECT conname::text AS name, convalidated::text AS valid FROM pg_catalog.pg_constraint WHERE conrelid = $1::pg_catalog.oid AND contype = 'c'",
    [oid],
  );
  return new Map(rows.map((row) => [String(row["name"]), row["valid"] === "true"]));
}

/** A run that was cut off leaves one that is not valid, which is made anew. */
async function buildIndex(database: Database, table: AdoptedTable, name: string, on: string): Promise<void> {
  // An embedded database has one session: nobody else is at work meanwhile.
  const concurrently = database.kind === "embedded" ? "" : " CONCURRENTLY";
  await whileOthersWork(database, async (session) => {
    const { rows } = await session.query(
      `SELECT i.indisvalid::text AS valid FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = $1::pg_catalog.oid AND c.relname::text = $2`,
      [table.oid, name],
    );
    if (rows[0]?.["valid"] === "true") return;
    const { schema, relation } = table;
    if (rows[0] !== undefined)
      await session.query(`DROP INDEX${concurrently} ${quoteName(schema)}.${quoteName(name)}`, []);
    await session.query(`CREATE INDEX${concurrently} ${quoteName(name)} ON ${relation} ${on}`, []);
  });
}
