/** Makes the tables of a model, their guards, the audit log and the table of seen versions, in one transaction. Running it again changes nothing. */
import type { Program } from "@wardline/core";
import {
  auditDdl,
  catalogueProblems,
  databaseDdl,
  schemaSecurityDdl,
  securityDdl,
  unguardedTables,
  versionsDdl,
  type Database,
} from "@wardline/isolation";
import { inTransaction } from "./transaction.ts";

/**
 * The programs are those of all tenants in the database. Throws a TypeError unless they agree on the model and on what
 * is sealed: one column cannot be sealed for one tenant and plain for another.
 */
export async function createSchema(database: Database, programs: readonly Program[]): Promise<void> {
  const first = oneShape(programs);
  // An embedded database has no clock that could end a statement, and no logins.
  const options =
    database.kind === "embedded"
      ? { schema: database.schema, limits: null }
      : { schema: database.schema, login: true };
  const statements = [
    ...databaseDdl(first, options),
    ...securityDdl(first, options),
    ...auditDdl(),
    ...versionsDdl(),
  ];
  await inTransaction(database, async (session) => {
    for (const statement of statements) await session.query(statement, []);
  });
}

/**
 * Makes what is missing, where others are at work: tables that stand there and are guarded are left alone, and in a database that has
 * contexts already only the new schema is touched. Throws as {@link createSchema} does.
 */
export async function ensureSchema(database: Database, programs: readonly Program[]): Promise<void> {
  const first = oneShape(programs);
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

function oneShape(programs: readonly Program[]): Program {
  const [first] = programs;
  if (first === undefined) throw new TypeError("no program to make tables for");
  const shape = ({ model, sealed }: Program) => JSON.stringify({ model, sealed });
  if (programs.some((program) => shape(program) !== shape(first)))
    throw new TypeError("the tenants' policies differ in their model or in the fields that they seal");
  return first;
}
