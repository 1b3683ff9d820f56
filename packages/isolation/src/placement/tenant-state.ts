/** What a database knows of a tenant beside its place: how fresh facts must be, and how new the policy. It never falls, wherever the tenant goes. */
import type { SqlSession } from "../contracts.ts";
import { controlSchema, qualify } from "../schema/identifier.ts";

export interface TenantState {
  /** As a session's facts are compared with it, whatever keys the database has. */
  readonly factsEpoch: number;
  readonly revisionFloor: number;
}

const table = qualify(controlSchema, "tenant_state");
const keys = qualify(controlSchema, "context_key");

export async function readState(session: SqlSession, tenant: string): Promise<TenantState> {
  const { rows } = await session.query(
    `SELECT (COALESCE((SELECT pg_catalog.max(k.facts_base) FROM ${keys} k), 0) + s.facts_epoch)::text AS facts,
  s.revision_floor::text AS floor FROM ${table} s WHERE s.tenant = $1`,
    [tenant],
  );
  return { factsEpoch: Number(rows[0]?.["facts"] ?? 0), revisionFloor: Number(rows[0]?.["floor"] ?? 0) };
}

/** Facts that were read at the old place are stale at the new one. */
export async function carryState(
  session: SqlSession,
  tenant: string,
  { factsEpoch, revisionFloor }: TenantState,
): Promise<void> {
  await session.query(
    `UPDATE ${table} SET facts_epoch = GREATEST(facts_epoch + 1, $2::bigint + 1), revision_floor = GREATEST(revision_floor, $3::bigint)
WHERE tenant = $1`,
    [tenant, String(factsEpoch), String(revisionFloor)],
  );
}
