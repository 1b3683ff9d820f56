/**
 * Writes tables anew, so that what was dropped is in no file of theirs. Each is locked for as long as that takes: nobody reads or writes
 * it meanwhile.
 */
import type { Database, SqlSession } from "../../contracts.ts";
import { qualify } from "../../schema/identifier.ts";
import type { StoredModel } from "../../schema/table-plan.ts";
import { sealedTables } from "../jobs/sealed-tables.ts";
import { retryWhileBusy, type LockOptions } from "./with-tables-locked.ts";

/** The tables with sealed columns of which a column was dropped. The catalogue does not tell whether they were written anew since. */
async function tablesToRewrite(
  session: SqlSession,
  stored: StoredModel,
  schema: string,
): Promise<readonly string[]> {
  const names = sealedTables(stored).map(({ table }) => table.name);
  const { rows } = await session.query(
    `SELECT c.relname::text AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname::text = ANY ($2::text[]) AND c.relkind = 'r'
  AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attisdropped) ORDER BY c.relname::text COLLATE "C"`,
    [schema, names],
  );
  return rows.map((row) => String(row["name"]));
}

/** Throws `adopt/busy`. Gives `schema.table` of each. Statistics of values, which the server also keeps, are cleared with the column. */
export async function rewriteTables(
  database: Database,
  stored: StoredModel,
  options: LockOptions,
): Promise<readonly string[]> {
  const { schema } = database;
  const names = await database.turn((session) => tablesToRewrite(session, stored, schema));
  for (const name of names) {
    const refusal = `others held ${schema}.${name} for too long: it was not written anew`;
    await retryWhileBusy(options, refusal, (timeout) =>
      // Outside of a transaction, as it has to be.
      database.turn(async (session) => {
        await session.query(`SET lock_timeout = ${timeout}`, []);
        try {
          await session.query(`VACUUM (FULL, ANALYZE) ${qualify(schema, name)}`, []);
        } finally {
          await session.query("RESET lock_timeout", []);
        }
      }),
    );
  }
  return names.map((name) => `${schema}.${name}`);
}
