/** Reads chains out of a database page by page, as a role that may read them: in constant space, whatever their length. */
import type { SqlSession } from "../contracts.ts";
import { auditHeadTable, auditTable } from "./audit-ddl.ts";
import { genesisHash } from "./chain.ts";
import type { AuditHead, AuditRow } from "./export-audit.ts";

const pageRows = 1000;

/** The chain of one tenant, and where it ends. */
export interface ChainHead extends AuditHead {
  readonly tenant: string;
}

/** The heads of all chains, or of these tenants', in the order of their ids. A tenant without a chain has none. */
export async function* readHeads(
  session: SqlSession,
  tenants: readonly string[] | null = null,
): AsyncGenerator<ChainHead> {
  for (let after = ""; ;) {
    const { rows } = await session.query(
      `SELECT tenant_id AS tenant, seq::text AS seq, pg_catalog.encode(hash, 'hex') AS hash FROM ${auditHeadTable}
WHERE tenant_id > $1 AND ($2::text[] IS NULL OR tenant_id = ANY ($2::text[])) ORDER BY tenant_id LIMIT ${pageRows}`,
      [after, tenants],
    );
    for (const row of rows)
      yield { tenant: String(row["tenant"]), seq: Number(row["seq"]), hash: String(row["hash"]) };
    if (rows.length < pageRows) return;
    after = String(rows.at(-1)?.["tenant"]);
  }
}

/** The head of a tenant's chain; before its first entry the one that binds the chain to the tenant. */
export async function readHead(session: SqlSession, tenant: string): Promise<ChainHead> {
  for await (const head of readHeads(session, [tenant])) return head;
  return { tenant, seq: 0, hash: genesisHash(tenant) };
}

/**
 * A tenant's rows with higher numbers than `after`, in order, up to `upTo`, as pages. What is appended meanwhile does not matter:
 * rows of a chain never change.
 */
export async function* readChain(
  session: SqlSession,
  tenant: string,
  { after = 0, upTo = Number.MAX_SAFE_INTEGER }: { readonly after?: number; readonly upTo?: number } = {},
): AsyncGenerator<readonly AuditRow[]> {
  for (let last = after; ;) {
    const { rows } = await session.query(
      // Invariant: in the order of numbers. A bare name after ORDER BY would be the text that is selected.
      `SELECT a.seq::text AS seq, a.at::text AS at, pg_catalog.encode(a.prev_hash, 'hex') AS prev_hash, a.entry,
pg_catalog.encode(a.hash, 'hex') AS hash FROM ${auditTable} a
WHERE a.tenant_id = $1 AND a.seq > $2 AND a.seq <= $3 ORDER BY a.seq LIMIT ${pageRows}`,
      [tenant, String(last), String(upTo)],
    );
    if (rows.length > 0)
      yield rows.map((row) => ({
        tenant,
        seq: Number(row["seq"]),
        at: Number(row["at"]),
        prevHash: String(row["prev_hash"]),
        entry: String(row["entry"]),
        hash: String(row["hash"]),
      }));
    if (rows.length < pageRows) return;
    last = Number(rows.at(-1)?.["seq"]);
  }
}
