/** Whether cells that are to come back are sealed under keys that still open: a key that was retired does not come back with them. */
import type { SqlSession } from "../contracts.ts";
import { sealedTables } from "../keys/jobs/sealed-tables.ts";
import { qualify, quoteName } from "../schema/identifier.ts";
import type { StoredModel } from "../schema/table-plan.ts";
import { readKeys, type CarriedKeys } from "./copy-keys.ts";
import { PlacementError } from "./placement-error.ts";

const opens = new Set(["current", "readable"]);

/**
 * Looks at the tenant's rows in the schema, with the keys that the registry will have once the given ones have been carried there. Throws
 * `placement/keys-retired`.
 */
export async function expectOpenKeys(
  session: SqlSession,
  { tenant, schema }: { readonly tenant: string; readonly schema: string },
  stored: StoredModel,
  carried: CarriedKeys,
): Promise<void> {
  const there = (await readKeys(session, tenant)).rows;
  const known = new Set(there.map(([purpose, version]) => `${purpose} ${version}`));
  const versions = [
    ...there,
    ...carried.rows.filter(([purpose, version]) => !known.has(`${purpose} ${version}`)),
  ]
    .filter(([purpose, , state]) => purpose === "seal" && opens.has(state))
    .map(([, version]) => Number(version).toString(16).padStart(8, "0"));
  for (const { table, columns } of sealedTables(stored))
    for (const { column } of columns) {
      const cell = `t.${quoteName(column)}`;
      const { rows } = await session.query(
        `SELECT FROM ${qualify(schema, table.name)} AS t WHERE t.${quoteName(table.tenant)} = $1
AND ${cell} IS NOT NULL AND pg_catalog.encode(pg_catalog.substr(${cell}, 5, 4), 'hex') <> ALL ($2::text[]) LIMIT 1`,
        [tenant, versions],
      );
      if (rows.length > 0)
        throw new PlacementError(
          "placement/keys-retired",
          `cells of ${table.name}.${column} in the archive are sealed under keys that open nothing any more: take one that was made since those were retired`,
        );
    }
}
