/** Looks in the other schemas of the database for cells of the tenant: keys are of a database, and a job is of one schema. */
import type { SqlSession } from "../../contracts.ts";
import { qualify, quoteName } from "../../schema/identifier.ts";
import { KeyJobError } from "../jobs/job-error.ts";
import type { JobPlace } from "../jobs/job-place.ts";
import type { SealedTable } from "../jobs/sealed-tables.ts";
import { resealTable, type ResealTarget } from "./reseal-table.ts";

/** Tables of the name in other schemas, with which of the columns they have as bytes. They may be of an older model, or of a newer one. */
const lookAlikes = `SELECT n.nspname::text AS schema, pg_catalog.to_json(b.names)::text AS columns
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT pg_catalog.array_agg(a.attname::text) AS names FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'pg_catalog.bytea'::pg_catalog.regtype AND a.attname::text = ANY ($4::text[])) AS b
WHERE c.relname = $1 AND n.nspname <> $2 AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND b.names IS NOT NULL
  AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname::text = $3)
ORDER BY 1`;

/**
 * Throws `keys/elsewhere` where a table of the same name in another schema has a row of the tenant with a cell or an index that is not at
 * the target: it would be lost with the older keys.
 */
export async function expectNowhereElse(
  session: SqlSession,
  { tenant, schema }: Pick<JobPlace, "tenant" | "schema">,
  tables: readonly SealedTable[],
  target: ResealTarget,
): Promise<void> {
  for (const { table, columns } of tables) {
    const names = columns.flatMap(({ column, index }) => (index === null ? [column] : [column, index]));
    const { rows } = await session.query(lookAlikes, [table.name, schema, table.tenant, names]);
    for (const row of rows) {
      const other = String(row["schema"]);
      const there = new Set(JSON.parse(String(row["columns"])) as readonly string[]);
      const cells = columns
        .filter(({ column }) => there.has(column))
        .map((cell) => ({
          ...cell,
          index: cell.index !== null && there.has(cell.index) ? cell.index : null,
        }));
      if (cells.length === 0) continue;
      if (await isLeft(session, { tenant, schema: other }, { table, columns: cells }, target))
        throw new KeyJobError(
          "keys/elsewhere",
          `the schema ${other} has rows of the tenant under older keys: nothing was retired`,
        );
    }
  }
}

/** Whether a row of the tenant is not at the target, in the schema where it lives: it was put back after the last pass. */
export async function isLeftHere(
  session: SqlSession,
  place: Pick<JobPlace, "tenant" | "schema">,
  tables: readonly SealedTable[],
  target: ResealTarget,
): Promise<boolean> {
  for (const sealed of tables) if (await isLeft(session, place, sealed, target)) return true;
  return false;
}

async function isLeft(
  session: SqlSession,
  { tenant, schema }: Pick<JobPlace, "tenant" | "schema">,
  sealed: SealedTable,
  target: ResealTarget,
): Promise<boolean> {
  const { table } = sealed;
  const { isPending } = resealTable({ tenant, schema }, sealed, target, opensNothing);
  const { rows } = await session.query(
    `SELECT FROM ${qualify(schema, table.name)} AS t WHERE t.${quoteName(table.tenant)} = $1 AND (${isPending}) LIMIT 1`,
    [tenant],
  );
  return rows.length > 0;
}

export const opensNothing = (): never => {
  throw new TypeError("nothing is opened here");
};
