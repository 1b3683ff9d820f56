/** Whether the tables of a place are guarded at all: a migration that was cut off must not leave a tenant without its policies. */
import type { SqlSession } from "../contracts.ts";
import { planTables, type StoredModel } from "../schema/table-plan.ts";

const query = `SELECT c.relname::text AS name
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname::text = ANY ($2::text[]) AND c.relrowsecurity AND c.relforcerowsecurity
  AND EXISTS (
    SELECT FROM pg_catalog.pg_policy p
    WHERE p.polrelid = c.oid AND NOT p.polpermissive AND p.polcmd = '*' AND p.polroles = '{0}'
  )`;

/** The tables of the model that no tenant policy for everybody guards, a sentence each; empty if all are. */
export async function unguardedTables(
  session: SqlSession,
  stored: StoredModel,
  schema: string,
): Promise<readonly string[]> {
  const names = planTables(stored).map((plan) => plan.name);
  const { rows } = await session.query(query, [schema, names]);
  const guarded = new Set(rows.map((row) => row["name"]));
  return names.filter((name) => !guarded.has(name)).map((name) => `no tenant policy guards ${name}`);
}
