/**
 * Changes cells that are still what they were when they were read, and no others. It waits for nobody: a row that somebody else is
 * just changing is left to a later pass, so no page holds the application up or can be in a deadlock with it.
 */
import type { SqlSession } from "../../contracts.ts";
import { fromText } from "../../placement/read-rows.ts";
import type { TenantTable } from "../../placement/tenant-tables.ts";
import { qualify, quoteName } from "../../schema/identifier.ts";
import type { ColumnPlan } from "../../schema/table-plan.ts";

/** Values are texts, bytes in lower-case hex, in the order of the columns that are compared and set. */
export interface RowChange {
  /** The row's key, without the tenant. */
  readonly key: readonly string[];
  readonly was: readonly (string | null)[];
  readonly becomes: readonly (string | null)[];
}

export interface ChangedColumns {
  readonly compared: readonly ColumnPlan[];
  readonly set: readonly ColumnPlan[];
}

/** Gives how many rows were changed; in each all columns or none. The transaction is of the level READ COMMITTED. */
export async function compareAndSet(
  session: SqlSession,
  { tenant, schema }: { readonly tenant: string; readonly schema: string },
  table: TenantTable,
  { compared, set }: ChangedColumns,
  changes: readonly RowChange[],
): Promise<number> {
  if (changes.length === 0) return 0;
  const keys = table.key.map((name) => table.columns.find((column) => column.name === name) as ColumnPlan);
  const parts = [
    ...keys.map((column, index) => ({ as: `k${index}`, column, of: (row: RowChange) => row.key[index] })),
    ...compared.map((column, index) => ({ as: `w${index}`, column, of: (row: RowChange) => row.was[index] })),
    ...set.map((column, index) => ({ as: `b${index}`, column, of: (row: RowChange) => row.becomes[index] })),
  ];
  const relation = qualify(schema, table.name);
  const isIt = (row: string): string =>
    [
      `t.${quoteName(table.tenant)} = $1`,
      ...keys.map(({ name }, index) => `t.${quoteName(name)} = ${row}.k${index}`),
    ].join(" AND ");
  const isUnchanged = compared
    .map(({ name }, index) => `t.${quoteName(name)} IS NOT DISTINCT FROM g.w${index}`)
    .join(" AND ");
  const { rows } = await session.query(
    `WITH g AS MATERIALIZED (
  SELECT ${parts.map(({ as, column }) => `${fromText(column, `r.${as}`)} AS ${as}`).join(", ")}
  FROM unnest(${parts.map((_, index) => `$${index + 2}::text[]`).join(", ")}) AS r(${parts.map(({ as }) => as).join(", ")})
), held AS MATERIALIZED (
  SELECT ${keys.map((_, index) => `g.k${index}`).join(", ")} FROM ${relation} AS t JOIN g ON ${isIt("g")} AND ${isUnchanged}
  FOR NO KEY UPDATE OF t SKIP LOCKED
)
UPDATE ${relation} AS t SET ${set.map(({ name }, index) => `${quoteName(name)} = g.b${index}`).join(", ")}
FROM g JOIN held AS h ON ${keys.map((_, index) => `h.k${index} = g.k${index}`).join(" AND ")}
WHERE ${isIt("g")} AND ${isUnchanged}
RETURNING 1 AS changed`,
    [tenant, ...parts.map(({ of }) => changes.map((change) => of(change) ?? null))],
  );
  return rows.length;
}
