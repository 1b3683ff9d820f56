/** Makes the tables of a model, their guards, the audit log and the table of seen versions, in one transaction. Running it again changes nothing. */
import type { Program } from "@wardline/core";
import {
  catalogueProblems,
  databaseDdl,
  schemaSecurityDdl,
  unguardedTables,
  type Database,
} from "@wardline/isolation";
import { schemaStatements, storedModelOf } from "./schema-statements.ts";
import { inTransaction } from "./transaction.ts";

/**
 * The programs are those of all tenants in the database. Throws a TypeError unless they agree on the model and on what
 * is sealed: one column cannot be sealed for one tenant and plain for another.
 */
export async function createSchema(database: Database, programs: readonly Program[]): Promise<void> {
  const statements = schemaStatements(storedModelOf(programs), database);
  await inTransaction(database, async (session) => {
    for (const statement of statements) await session.query(statement, []);
  });
}

/**
 * Makes what is missing, where others are at work: tables that stand there and are guarded are left alone, and in a database that has
 * contexts already only the new schema is touched. Throws as {@link createSchema} does.
 */
export async function ensureSchema(database: Database, programs: readonly Program[]): Promise<void> {
  const first = storedModelOf(programs);
  const { schema } = database;
  const [hasContexts, problems] = await database.turn(async (session) => {
    const { rows } = await session.query(
      "SELECT (pg_catalog.to_regprocedure('wardline.enter(bytea)') IS NOT NULL)::text AS there",
      [],
    );
    return [
      rows[0]?.["there"] === "true",
      [
        ...(await catalogueProblems(session, first, schema)),
        ...(await unguardedTables(session, first, schema)),
      ],
    ] as const;
  });
  if (!hasContexts) return createSchema(database, programs);
  if (problems.length === 0) return;
  await inTransaction(database, async (session) => {
    for (const statement of [...databaseDdl(first, { schema }), ...schemaSecurityDdl(first, { schema })])
      await session.query(statement, []);
  });
}
