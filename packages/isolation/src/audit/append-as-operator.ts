/** Appends to a tenant's chain as the operator, outside any context, with the hashes that the database itself would make. */
import type { SqlSession } from "../contracts.ts";
import { auditClock, auditHeadTable, auditTable } from "./audit-ddl.ts";
import { entryHash, genesisHash } from "./chain.ts";
import type { AuditHead } from "./export-audit.ts";

/** In the transaction of the session, which it needs. */
export async function appendAsOperator(session: SqlSession, tenant: string, entry: string): Promise<void> {
  const head = await lockHead(session, tenant);
  const { rows } = await session.query(`SELECT ${auditClock}::text AS at`, []);
  const at = Number(rows[0]?.["at"]);
  const next = { seq: head.seq + 1, hash: entryHash(head.hash, at, entry) };
  await session.query(
    `INSERT INTO ${auditTable} (tenant_id, seq, at, prev_hash, entry, hash)
VALUES ($1, $2, $3, pg_catalog.decode($4, 'hex'), $5, pg_catalog.decode($6, 'hex'))`,
    [tenant, String(next.seq), String(at), head.hash, entry, next.hash],
  );
  await setHead(session, tenant, next);
}

/** The head of the chain, which is begun if there is none, locked until the transaction ends. */
export async function lockHead(session: SqlSession, tenant: string): Promise<AuditHead> {
  await session.query(
    `INSERT INTO ${auditHeadTable} (tenant_id, seq, hash) VALUES ($1, 0, pg_catalog.decode($2, 'hex')) ON CONFLICT DO NOTHING`,
    [tenant, genesisHash(tenant)],
  );
  const { rows } = await session.query(
    `SELECT seq::text AS seq, pg_catalog.encode(hash, 'hex') AS hash FROM ${auditHeadTable} WHERE tenant_id = $1 FOR UPDATE`,
    [tenant],
  );
  return { seq: Number(rows[0]?.["seq"]), hash: String(rows[0]?.["hash"]) };
}

/** Of a chain that {@link lockHead} has locked. */
export async function setHead(session: SqlSession, tenant: string, head: AuditHead): Promise<void> {
  await session.query(
    `UPDATE ${auditHeadTable} SET seq = $2, hash = pg_catalog.decode($3, 'hex') WHERE tenant_id = $1`,
    [tenant, String(head.seq), head.hash],
  );
}
