/** Brings a tenant's audit chain to another database. A chain is only ever continued: what stands there must be its beginning. */
import type { SqlSession } from "../contracts.ts";
import { lockHead, setHead } from "../audit/append-as-operator.ts";
import { auditTable } from "../audit/audit-ddl.ts";
import { genesisHash } from "../audit/chain.ts";
import { exportAudit, type AuditExport, type AuditHead } from "../audit/export-audit.ts";
import { verifyAudit } from "../audit/verify/verify-audit.ts";
import { PlacementError } from "./placement-error.ts";

const pageRows = 500;

/** Adds the entries that are missing. Throws `placement/audit-forked` where the two chains go apart, or the given one is broken. */
export async function continueChain(session: SqlSession, chain: AuditExport): Promise<void> {
  const { tenant } = chain;
  if (!verifyAudit(chain, { tenant }).ok) throw forked("the audit chain of the tenant is broken");
  const there = await lockHead(session, tenant);
  if (there.seq > chain.head.seq) throw forked("the place has a longer audit chain of the tenant");
  const met = there.seq === 0 ? genesisHash(tenant) : chain.entries[there.seq - 1]?.hash;
  if (met !== there.hash) throw forked("the place has another audit chain of the tenant");
  const missing = chain.entries.slice(there.seq);
  for (let start = 0; start < missing.length; start += pageRows) {
    const page = missing.slice(start, start + pageRows);
    await session.query(
      `INSERT INTO ${auditTable} (tenant_id, seq, at, prev_hash, entry, hash)
SELECT $1, r.seq, r.at, pg_catalog.decode(r.prev, 'hex'), r.entry, pg_catalog.decode(r.hash, 'hex')
FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[]) AS r(seq, at, prev, entry, hash)`,
      [
        tenant,
        page.map((row) => String(row.seq)),
        page.map((row) => String(row.at)),
        page.map((row) => row.prevHash),
        page.map((row) => row.entry),
        page.map((row) => row.hash),
      ],
    );
  }
  if (missing.length > 0) await setHead(session, tenant, chain.head);
}

/**
 * How the chain that stands there relates to a given one: it goes on where the given one ends, or stops before it. Throws
 * `placement/audit-forked` where neither is the beginning of the other.
 */
export async function relateChains(
  session: SqlSession,
  chain: AuditExport,
): Promise<"longer" | "shorter" | "same"> {
  const { tenant, head } = chain;
  if (!verifyAudit(chain, { tenant }).ok) throw forked("the audit chain in the archive is broken");
  const there = await exportAudit(session, tenant);
  const common = Math.min(there.entries.length, chain.entries.length);
  for (let at = 0; at < common; at++)
    if (there.entries[at]?.hash !== chain.entries[at]?.hash)
      throw forked("the audit chain of the archive is not the one of the tenant");
  if (there.head.seq === head.seq) return "same";
  return there.head.seq > head.seq ? "longer" : "shorter";
}

/** Throws `placement/audit-forked` unless the chain is whole and ends at this head. */
export async function expectHead(session: SqlSession, tenant: string, head: AuditHead): Promise<void> {
  const found = await exportAudit(session, tenant);
  const verdict = verifyAudit(found, { tenant });
  if (!verdict.ok || verdict.head.seq !== head.seq || verdict.head.hash !== head.hash)
    throw forked("the audit chain did not come over whole");
}

function forked(message: string): PlacementError {
  return new PlacementError("placement/audit-forked", message);
}
