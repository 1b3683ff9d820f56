/**
 * Checks a tenant's exported chain without a database and names the first entry that is wrong. It trusts nothing in
 * the export: the tenant, and a head if there is one, come from whoever asks.
 */
import { entryHash, genesisHash } from "./chain.ts";
import type { AuditHead, AuditRow } from "./export-audit.ts";

export type AuditFault =
  /** The bytes of the entry, or a hash beside them, are not what was appended. */
  | "edited"
  /** Entries are missing before the one that now stands there; or, without a head, the one before it was replaced. */
  | "deleted"
  /** The entry stands in the place of another. */
  | "swapped"
  /** Two entries claim one place. */
  | "forked"
  /** The chain ends before the given head. */
  | "truncated"
  /** The entry, or the whole chain up to it, was replaced and hashed anew. Only a head shows it for what it is. */
  | "rewritten"
  /** The entry, or the chain, belongs to another tenant. */
  | "wrong_tenant"
  /** The row is no row of an export. */
  | "malformed";

export type AuditVerdict =
  | { readonly kind: "whole"; readonly head: AuditHead }
  /** `seq`: the first place in the chain where something is wrong, from 1. */
  | { readonly kind: "broken"; readonly seq: number; readonly fault: AuditFault };

/**
 * Whether `rows`, in the order of the export, are the chain of `tenant` from its beginning. With a `head` that was
 * kept elsewhere the chain must go through it; without one, entries cut off at the end are not seen.
 */
export function verifyAudit(rows: readonly AuditRow[], tenant: string, head?: AuditHead): AuditVerdict {
  let last: AuditHead = { seq: 0, hash: genesisHash(tenant) };
  for (const row of rows) {
    const seq = last.seq + 1;
    const fault = faultOf(row, seq, last.hash, tenant, rows);
    // As many rows as the head counts, and none that was moved: the link is lost because the row before was replaced.
    if (fault === "deleted" && row.seq === seq && seq > 1 && head?.seq === rows.length) {
      return { kind: "broken", seq: seq - 1, fault: "rewritten" };
    }
    if (fault !== null) return { kind: "broken", seq, fault };
    last = { seq, hash: row.hash };
    if (head?.seq === seq && head.hash !== row.hash) return { kind: "broken", seq, fault: "rewritten" };
  }
  if (head !== undefined && head.seq > last.seq)
    return { kind: "broken", seq: last.seq + 1, fault: "truncated" };
  if (head?.seq === 0 && head.hash !== genesisHash(tenant))
    return { kind: "broken", seq: 1, fault: "wrong_tenant" };
  return { kind: "whole", head: last };
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
  if (entryHash(row.prevHash, row.entry) !== row.hash) return displaced(row, rows) ? "swapped" : "edited";
  if (row.prevHash !== prev) return brokenLink(row, prev, tenant, rows);
  return tenantOf(row) === tenant ? null : "wrong_tenant";
}

/** Whether another row's text is what this row's hashes were made of. */
function displaced(row: AuditRow, rows: readonly AuditRow[]): boolean {
  return rows.some(
    (other) => isRow(other) && other !== row && entryHash(row.prevHash, other.entry) === row.hash,
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
  if (!Number.isSafeInteger(row.seq) || !texts.every((text) => typeof text === "string")) return false;
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
