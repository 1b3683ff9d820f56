/** Whether the tables of a place are guarded at all: a migration that was cut off, or a hand, must not leave a tenant without its policies. */
import type { SqlSession } from "../contracts.ts";
import { applicationRole, controlSchema } from "../schema/identifier.ts";
import {
  rowMarkerName,
  rowMarkerPrefix,
  rowPolicyName,
  type RowSecurityKind,
} from "../schema/row-security-names.ts";
import { planTables, type StoredModel } from "../schema/table-plan.ts";
import type { Placement } from "./placement.ts";

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

/**
 * Whether a place has policies of rows at all, of whatever policy: a tenant's own if the tables are its own, else the platform's. Every
 * place gets them before anybody is let in, so where none are somebody took them away, and what said so with them. A sentence, or none.
 */
export async function missingRowSecurity(
  session: SqlSession,
  { tenant, tier, schema }: Pick<Placement, "tenant" | "tier" | "schema">,
): Promise<readonly string[]> {
  const prefix =
    tier === "pool" ? rowMarkerPrefix(schema, "guardrails") : rowMarkerPrefix(schema, "rows", tenant);
  const { rows } = await session.query(
    `SELECT FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace s ON s.oid = f.pronamespace
WHERE s.nspname = $1 AND pg_catalog.starts_with(f.proname::text, $2) LIMIT 1`,
    [controlSchema, prefix],
  );
  return rows.length > 0
    ? []
    : [`no policies of rows were made for the tables in ${schema}, or they were taken away`];
}

const rowsQuery = `SELECT c.relname::text AS "table", p.polname::text AS name
FROM pg_catalog.pg_policy p
JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND NOT p.polpermissive AND p.polroles = ARRAY['${applicationRole}'::pg_catalog.regrole::oid]`;
const marked = `SELECT FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace s ON s.oid = f.pronamespace
WHERE s.nspname = $1 AND f.proname::text = ANY ($2::text[]) LIMIT 1`;

/**
 * The tables whose policies of rows are gone although the database says that they were made of this very program, a sentence each;
 * empty where they were made of another one or of none: then nobody relies on them.
 */
export async function lostRowPolicies(
  session: SqlSession,
  { model }: StoredModel,
  schema: string,
  kinds: readonly RowSecurityKind[],
): Promise<readonly string[]> {
  const markers = kinds.map((kind) => rowMarkerName(schema, kind));
  const { rows: made } = await session.query(marked, [controlSchema, markers]);
  if (made.length === 0) return [];
  const { rows } = await session.query(rowsQuery, [schema]);
  const there = new Set(rows.map((row) => JSON.stringify([row["table"], row["name"]])));
  return model.entities.flatMap(({ storage, shared }) => {
    if (storage === null) return [];
    const commands =
      shared === true ? (["select"] as const) : (["select", "insert", "update", "delete"] as const);
    const lost = commands.some(
      (command) => !there.has(JSON.stringify([storage.table, rowPolicyName(storage.table, command)])),
    );
    return lost ? [`a policy of rows is gone from ${storage.table}`] : [];
  });
}
