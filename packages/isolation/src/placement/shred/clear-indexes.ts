/**
 * Empties the blind indexes of a tenant: every column of a table of the model that has the name and the type of one, whether the model
 * still knows it or not; and what an adoption put aside in plaintext. In pages, each in a transaction of its own with the count of what it
 * emptied, so whoever goes on counts right.
 */
import { blindIndexColumn } from "@wardline/core";
import type { Database, SqlSession } from "../../contracts.ts";
import { isAsideColumn } from "../../keys/adopt/adoption-names.ts";
import { qualify, quoteName } from "../../schema/identifier.ts";
import { asOperator } from "../operator-session.ts";
import type { Tell } from "../run-steps.ts";
import type { TenantTable } from "../tenant-tables.ts";
import { countCleared } from "./shred-registry.ts";

const pageRows = 2000;

export async function clearIndexes(
  database: Database,
  schema: string,
  tables: readonly TenantTable[],
  tenant: string,
  tell: Tell,
): Promise<void> {
  const columns = await asOperator(database, (session) => indexColumns(session, schema));
  for (const table of tables) {
    const there = columns.get(table.name) ?? [];
    if (there.length === 0) continue;
    for (let done = 0; ;) {
      const rows = await asOperator(database, (session) => clearPage(session, schema, table, there, tenant));
      if (rows === 0) break;
      await tell(`${schema}.${table.name}`, (done += rows), null);
    }
  }
}

/** Of blind indexes, also of a column that is being sealed. */
export function isIndexColumn(name: string): boolean {
  return name.endsWith(blindIndexColumn("")) || /^wardline_bidx_[0-9a-f]{16}$/.test(name);
}

/** Table → its columns that are emptied. */
async function indexColumns(
  session: SqlSession,
  schema: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await session.query(
    `SELECT c.relname::text AS "table", a.attname::text AS "column"
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  AND (a.atttypid = 'pg_catalog.bytea'::pg_catalog.regtype OR a.attname::text ~ '^wardline_plain_') ORDER BY c.relname, a.attname`,
    [schema],
  );
  const columns = new Map<string, string[]>();
  for (const row of rows) {
    const column = String(row["column"]);
    if (!isIndexColumn(column) && !isAsideColumn(column)) continue;
    const table = String(row["table"]);
    columns.set(table, [...(columns.get(table) ?? []), column]);
  }
  return columns;
}

/** Gives how many rows it changed. */
async function clearPage(
  session: SqlSession,
  schema: string,
  table: TenantTable,
  columns: readonly string[],
  tenant: string,
): Promise<number> {
  const relation = qualify(schema, table.name);
  const keys = table.key.map(quoteName);
  const names = columns.map(quoteName);
  const isFull = names.map((name) => `t.${name} IS NOT NULL`).join(" OR ");
  const { rows } = await session.query(
    `WITH picked AS MATERIALIZED (
  SELECT ${[...keys, ...names].map((name) => `t.${name}`).join(", ")} FROM ${relation} AS t
  WHERE t.${quoteName(table.tenant)} = $1 AND (${isFull}) LIMIT ${pageRows} FOR UPDATE
), emptied AS (
  UPDATE ${relation} AS t SET ${names.map((name) => `${name} = NULL`).join(", ")} FROM picked AS p
  WHERE t.${quoteName(table.tenant)} = $1 AND ${keys.map((key) => `t.${key} = p.${key}`).join(" AND ")}
  RETURNING ${names.map((name, index) => `(p.${name} IS NOT NULL) AS c${index}`).join(", ")}
)
SELECT pg_catalog.count(*)::text AS rows, ${names.map((_, index) => `pg_catalog.count(*) FILTER (WHERE c${index})::text AS c${index}`).join(", ")}
FROM emptied`,
    [tenant],
  );
  const [counted] = rows;
  const changed = Number(counted?.["rows"]);
  if (changed > 0)
    await countCleared(
      session,
      tenant,
      Object.fromEntries(
        columns.map((column, index) => [
          `${schema}.${table.name}.${column}`,
          Number(counted?.[`c${index}`] ?? 0),
        ]),
      ),
    );
  return changed;
}
