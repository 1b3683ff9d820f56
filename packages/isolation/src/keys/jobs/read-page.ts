/** Reads a page of a tenant's rows in the order of their keys: of those at the target the keys alone. */
import type { SqlSession } from "../../contracts.ts";
import { fromText } from "../../placement/read-rows.ts";
import type { TenantTable } from "../../placement/tenant-tables.ts";
import { qualify, quoteName } from "../../schema/identifier.ts";
import { keyPlans } from "../../schema/table-plan.ts";

export interface PendingRow {
  /** The row's key, without the tenant, as texts. */
  readonly key: readonly string[];
  /** What the expressions gave. */
  readonly values: readonly (string | null)[];
}

export interface Page {
  /** The key of its last row; null for a page without rows, which is the end. */
  readonly last: readonly string[] | null;
  readonly seen: number;
  readonly pending: readonly PendingRow[];
}

export interface PageQuery {
  readonly table: TenantTable;
  readonly isPending: string;
  readonly reads: readonly string[];
  readonly weight: string;
}

/** A page ends before it holds more than that of what is read, but for its first row. */
const pageBytes = 8 * 2 ** 20;

/**
 * From now on in the transaction rows are got at by the primary key, in its order. What the planner guesses of a table that has just
 * been filled, or of a tenant who has most of it, would have it read the whole tenant for each page.
 */
async function goByKey(session: SqlSession): Promise<void> {
  const off = ["seqscan", "bitmapscan", "sort", "nestloop"];
  const settings = off.map((name) => `pg_catalog.set_config('enable_${name}', 'off', true)`);
  await session.query(`SELECT ${settings.join(", ")}`, []);
}

/** What is done to the page in the same transaction is got at by its key too. */
export async function readPage(
  session: SqlSession,
  { tenant, schema }: { readonly tenant: string; readonly schema: string },
  { table, isPending, reads, weight }: PageQuery,
  after: readonly string[] | null,
  pageRows: number,
): Promise<Page> {
  await goByKey(session);
  const keys = keyPlans(table);
  const order = keys.map(({ name }) => `t.${quoteName(name)}`).join(", ");
  const bound =
    after === null
      ? ""
      : `AND (${order}) > (${keys.map((column, index) => fromText(column, `$${index + 4}`)).join(", ")})`;
  const { rows } = await session.query(
    `SELECT ${keys.map(({ name }, index) => `t.${quoteName(name)}::text AS k${index}`).join(", ")}, t.wardline_pending::text AS pending,
  ${reads.map((read, index) => `CASE WHEN t.wardline_pending THEN ${read} END AS c${index}`).join(", ")}
FROM (SELECT t.*, pg_catalog.sum(t.wardline_weight) OVER (ORDER BY ${order}) - t.wardline_weight AS wardline_before FROM (
  SELECT t.*, (${isPending}) IS TRUE AS wardline_pending, CASE WHEN (${isPending}) THEN (${weight})::bigint ELSE 0 END AS wardline_weight
  FROM ${qualify(schema, table.name)} AS t WHERE t.${quoteName(table.tenant)} = $1 ${bound} ORDER BY ${order} LIMIT $2) AS t) AS t
WHERE t.wardline_before < $3 ORDER BY ${order}`,
    [tenant, String(pageRows), String(pageBytes), ...(after ?? [])],
  );
  const keyOf = (row: Readonly<Record<string, unknown>>): readonly string[] =>
    keys.map((_, index) => String(row[`k${index}`]));
  const last = rows.at(-1);
  return {
    last: last === undefined ? null : keyOf(last),
    seen: rows.length,
    pending: rows
      .filter((row) => row["pending"] === "true")
      .map((row) => ({
        key: keyOf(row),
        values: reads.map((_, index) => (row[`c${index}`] ?? null) as string | null),
      })),
  };
}
