/**
 * Changes cells that are still what they were when they were read, and no others. It waits for nobody: a row that somebody else is
 * just changing is left to a later pass, so no page holds the application up or can be in a deadlock with it.
 */
import type { SqlSession } from "../../contracts.ts";
import { fromText } from "../../placement/read-rows.ts";
import type { TenantTable } from "../../placement/tenant-tables.ts";
import { qualify, quoteName } from "../../schema/identifier.ts";
import { keyPlans, type ColumnPlan } from "../../schema/table-plan.ts";

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

/**
 * Gives how many rows were changed; in each all columns or none. The changes are in the order of their keys, and the transaction is of the
 * level READ COMMITTED.
 */
export async function compareAndSet(
  session: SqlSession,
  { tenant, schema }: { readonly tenant: string; readonly schema: string },
  table: TenantTable,
  { compared, set }: ChangedColumns,
  changes: readonly RowChange[],
): Promise<number> {
  if (changes.length === 0) return 0;
  const keys = keyPlans(table);
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
  const isUnchanged = (row: string): string =>
    compared
      .map(({ name }, index) => `t.${quoteName(name)} IS NOT DISTINCT FROM ${row}.w${index}`)
      .join(" AND ");
  // Invariant: whatever the planner makes of a join, it reads no more than the page.
  const names = keys.map(({ name }) => `t.${quoteName(name)}`).join(", ");
  const ends = [changes[0], changes.at(-1)].flatMap((change) => change?.key ?? []);
  const end = (from: number): string =>
    keys.map((column, index) => fromText(column, `$${parts.length + 2 + from + index}`)).join(", ");
  const isNear = `(${names}) >= (${end(0)}) AND (${names}) <= (${end(keys.length)})`;
  const { rows } = await session.query(
    `WITH g AS MATERIALIZED (
  SELECT ${parts.map(({ as, column }) => `${fromText(column, `r.${as}`)} AS ${as}`).join(", ")}
  FROM unnest(${parts.map((_, index) => `$${index + 2}::text[]`).join(", ")}) AS r(${parts.map(({ as }) => as).join(", ")})
), held AS MATERIALIZED (
  SELECT g.* FROM ${relation} AS t JOIN g ON ${isIt("g")} AND ${isUnchanged("g")} WHERE ${isNear}
  FOR NO KEY UPDATE OF t SKIP LOCKED
)
UPDATE ${relation} AS t SET ${set.map(({ name }, index) => `${quoteName(name)} = h.b${index}`).join(", ")}
FROM held AS h WHERE ${isIt("h")} AND ${isUnchanged("h")} AND ${isNear}
RETURNING 1 AS changed`,
    [tenant, ...parts.map(({ of }) => changes.map((change) => of(change) ?? null)), ...ends],
  );
  return rows.length;
}
