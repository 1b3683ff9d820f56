/** Counts a tenant's rows of an entity: all, those that are over, and those of them that others refer to. */
import type { SqlSession } from "../contracts.ts";
import { qualify, quoteName } from "../schema/identifier.ts";
import type { SweepPart } from "./begin-sweep.ts";

export interface RowCounts {
  readonly rows: number;
  readonly expired: number;
  readonly referred: number;
}

export async function countRows(
  session: SqlSession,
  { tenant, schema }: { readonly tenant: string; readonly schema: string },
  { entity: { table }, expired: { isExpired, isReferred } }: SweepPart,
): Promise<RowCounts> {
  const { rows } = await session.query(
    `SELECT pg_catalog.count(*)::text AS rows, (pg_catalog.count(*) FILTER (WHERE ${isExpired}))::text AS expired,
  (pg_catalog.count(*) FILTER (WHERE ${isExpired} AND ${isReferred}))::text AS referred
FROM ${qualify(schema, table.name)} AS t WHERE t.${quoteName(table.tenant)} = $1`,
    [tenant],
  );
  const count = (name: string): number => Number(rows[0]?.[name]);
  return { rows: count("rows"), expired: count("expired"), referred: count("referred") };
}
