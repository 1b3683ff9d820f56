/** Reads a tenant's chain out of the database, for an operator: as a role that may read it, never through a handle. */
import type { SqlSession } from "../contracts.ts";
import { auditHeadTable, auditTable } from "./audit-ddl.ts";
import { genesisHash } from "./chain.ts";

/** An entry as it is stored; hashes in lower-case hex. */
export interface AuditRow {
  readonly tenant: string;
  readonly seq: number;
  /** When it was appended, by the database's clock: microseconds since 1970. */
  readonly at: number;
  readonly prevHash: string;
  readonly entry: string;
  readonly hash: string;
}

/** Where a chain ended at some time. Kept outside the database it shows what was cut off or rewritten. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

export interface AuditExport {
  readonly tenant: string;
  readonly head: AuditHead;
  readonly entries: readonly AuditRow[];
}

/** The whole chain of a tenant and its head, read in one statement, so that both are of one moment. */
export async function exportAudit(session: SqlSession, tenant: string): Promise<AuditExport> {
  const { rows } = await session.query(
    `SELECT h.seq::text AS head_seq, encode(h.hash, 'hex') AS head_hash, a.tenant_id AS tenant, a.seq::text AS seq, a.at::text AS at, ` +
      `encode(a.prev_hash, 'hex') AS prev_hash, a.entry, encode(a.hash, 'hex') AS hash ` +
      `FROM ${auditHeadTable} h LEFT JOIN ${auditTable} a ON a.tenant_id = h.tenant_id ` +
      `WHERE h.tenant_id = $1 ORDER BY a.seq`,
    [tenant],
  );
  const first = rows[0];
  if (first === undefined) return { tenant, head: { seq: 0, hash: genesisHash(tenant) }, entries: [] };
  return {
    tenant,
    head: { seq: Number(first["head_seq"]), hash: String(first["head_hash"]) },
    entries: rows.flatMap((row) =>
      row["seq"] === null
        ? []
        : [
            {
              tenant: String(row["tenant"]),
              seq: Number(row["seq"]),
              at: Number(row["at"]),
              prevHash: String(row["prev_hash"]),
              entry: String(row["entry"]),
              hash: String(row["hash"]),
            },
          ],
    ),
  };
}
