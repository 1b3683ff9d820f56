/**
 * Checks a tenant's exported chain without a database and names the first entry that is wrong. It believes no hash that
 * it has not made itself; how far the end of the chain can be believed depends on where its head was kept.
 */
import { entryHash, genesisHash } from "./chain.ts";
import type { AuditExport, AuditHead, AuditRow } from "./export-audit.ts";

export type AuditFault =
  /** The bytes of the entry, or a hash beside them, are not what was appended. */
  | "edited"
  /** Entries are missing before the one that now stands there; or an entry was replaced as well. */
  | "deleted"
  /** The entry stands in the place of another. */
  | "swapped"
  /** Two entries claim one place. */
  | "forked"
  /** The chain ends before the given head. */
  | "truncated"
  /** The entry, or the whole chain up to it, was replaced and hashed anew. A head shows it. */
  | "rewritten"
  /** The entry, or the chain, belongs to another tenant. */
  | "wrong_tenant"
  /** The row is no row of an export. */
  | "malformed";

export type AuditVerdict =
  | { readonly ok: true; readonly head: AuditHead }
  /** `seq`: the first place in the chain where something is wrong, from 1. */
  | { readonly ok: false; readonly seq: number; readonly reason: AuditFault };

/** What the asker knows from elsewhere; what is left out is taken from the export itself. */
export interface AuditExpectation {
  readonly tenant?: string;
  /** The chain must go through it. One that was kept outside the database shows a chain that was written anew. */
  readonly head?: AuditHead;
}

/** Whether an export is a whole chain of one tenant, from its beginning to the head. */
export function verifyAudit(chain: AuditExport, expected: AuditExpectation = {}): AuditVerdict {
  const { entries } = chain;
  const tenant = expected.tenant ?? chain.tenant;
  const head = expected.head ?? chain.head;
  const broken = (seq: number, reason: AuditFault): AuditVerdict => ({ ok: false, seq, reason });
  let last: AuditHead = { seq: 0, hash: genesisHash(tenant) };
  for (const row of entries) {
    const seq = last.seq + 1;
    const fault = faultOf(row, seq, last.hash, tenant, entries);
    // As many entries as the head counts, and none that was moved: the link is lost because the one before was replaced.
    if (fault === "deleted" && row.seq === seq && seq > 1 && head.seq === entries.length)
      return broken(seq - 1, "rewritten");
    if (fault !== null) return broken(seq, fault);
    last = { seq, hash: row.hash };
    if (head.seq === seq && head.hash !== row.hash) return broken(seq, "rewritten");
  }
  if (!(head.seq <= last.seq)) return broken(last.seq + 1, "truncated");
  if (head.seq === 0 && head.hash !== genesisHash(tenant)) return broken(1, "wrong_tenant");
  return { ok: true, head: last };
}

function faultOf(
  row: AuditRow,
  seq: number,
  prev: string,
  tenant: string,
  rows: readonly AuditRow[],
): AuditFault | null {
  if (!isRow(row)) return "malformed";
  if (row.tenant !== tenant) return "wrong_tenant";
  if (row.seq > seq) return rows.some((other) => other.seq === seq) ? "swapped" : "deleted";
  if (row.seq < seq) return "forked";
  if (entryHash(row.prevHash, row.at, row.entry) !== row.hash)
    return displaced(row, rows) ? "swapped" : "edited";
  if (row.prevHash !== prev) return brokenLink(row, prev, tenant, rows);
  return tenantOf(row) === tenant ? null : "wrong_tenant";
}

/** Whether another row's text is what this row's hashes were made of, with the time of either. */
function displaced(row: AuditRow, rows: readonly AuditRow[]): boolean {
  return rows.some(
    (other) =>
      isRow(other) &&
      other !== row &&
      [row.at, other.at].some((at) => entryHash(row.prevHash, at, other.entry) === row.hash),
  );
}

/** Why a row that fits its own hash does not follow what stands before it. */
function brokenLink(row: AuditRow, prev: string, tenant: string, rows: readonly AuditRow[]): AuditFault {
  if (tenantOf(row) !== tenant) return "wrong_tenant";
  if (rows.some((other) => other.prevHash === row.prevHash && other.seq < row.seq)) return "forked";
  if (rows.some((other) => other.prevHash === prev && other !== row && other.seq > row.seq)) return "swapped";
  return "deleted";
}

function isRow(row: AuditRow): boolean {
  const texts: readonly unknown[] = [row.tenant, row.entry, row.prevHash, row.hash];
  if (![row.seq, row.at].every(Number.isSafeInteger) || !texts.every((text) => typeof text === "string"))
    return false;
  return /^[0-9a-f]{64}$/.test(row.prevHash) && /^[0-9a-f]{64}$/.test(row.hash) && row.entry.isWellFormed();
}

function tenantOf(row: AuditRow): unknown {
  try {
    const entry: unknown = JSON.parse(row.entry);
    return typeof entry === "object" && entry !== null && "tenant" in entry ? entry.tenant : undefined;
  } catch {
    return undefined;
  }
}
