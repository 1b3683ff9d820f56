/** Deletes the rows of a page that are over and that nothing refers to. It waits for nobody who is changing one: those come again. */
import type { SqlSession } from "../contracts.ts";
import type { CellFault, PageOutcome } from "../keys/jobs/walk-table.ts";
import type { PendingRow } from "../keys/jobs/read-page.ts";
import { qualify, quoteName } from "../schema/identifier.ts";
import { keyPlans } from "../schema/table-plan.ts";
import { sqlState } from "../write/refusal.ts";
import type { ExpiredRows } from "./expired-rows.ts";
import type { RetainedEntity } from "./retained-entities.ts";

export async function deleteRows(
  session: SqlSession,
  { tenant, schema }: { readonly tenant: string; readonly schema: string },
  { table, column }: RetainedEntity,
  { isExpired, isReferred }: ExpiredRows,
  rows: readonly PendingRow[],
): Promise<PageOutcome> {
  const [key] = keyPlans(table);
  if (key === undefined) throw new TypeError(`the table ${table.name} has no key`);
  // The page was read in the order of keys; from here on each row is got at by its own, and what refers to it by an index.
  await session.query(
    "SELECT pg_catalog.set_config('enable_nestloop', 'on', true), pg_catalog.set_config('enable_hashjoin', 'off', true), pg_catalog.set_config('enable_mergejoin', 'off', true)",
    [],
  );
  const relation = `${qualify(schema, table.name)} AS t`;
  const mine = `t.${quoteName(table.tenant)} = $1 AND t.${quoteName(key.name)} = ANY ($2::text[]::${key.type.type}[]) AND ${isExpired}`;
  // Invariant: what refers to a row is looked for behind the lock that whoever adds a reference waits for, in a statement of its own.
  const locked = await session.query(
    `SELECT t.${quoteName(key.name)}::text AS k FROM ${relation} WHERE ${mine} FOR UPDATE OF t SKIP LOCKED`,
    [tenant, rows.map((row) => row.key[0] ?? null)],
  );
  const keys = locked.rows.map(({ k }) => String(k));
  const remove = async (some: readonly string[]): Promise<number> =>
    (
      await session.query(`DELETE FROM ${relation} WHERE ${mine} AND NOT ${isReferred} RETURNING 1 AS gone`, [
        tenant,
        some,
      ])
    ).rows.length;
  const whole = await within(session, () => remove(keys));
  if (whole !== null) return { changed: whole, faults: [] };
  // Something that the model does not know refers to one of them: the others go.
  let changed = 0;
  const faults: CellFault[] = [];
  for (const one of keys) {
    const gone = await within(session, () => remove([one]));
    if (gone === null) faults.push({ table: table.name, column, row: one, code: "referred" });
    else changed += gone;
  }
  return { changed, faults };
}

/** Null, with nothing done, where a foreign key refuses it. */
async function within(session: SqlSession, run: () => Promise<number>): Promise<number | null> {
  await session.query("SAVEPOINT wardline_sweep", []);
  try {
    const done = await run();
    await session.query("RELEASE SAVEPOINT wardline_sweep", []);
    return done;
  } catch (error) {
    if (sqlState(error) !== "23503" && sqlState(error) !== "23001") throw error;
    await session.query("ROLLBACK TO SAVEPOINT wardline_sweep", []);
    return null;
  }
}
