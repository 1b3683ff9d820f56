/**
 * Checks a tenant's chain that is in memory, without a database, and names the first entry that is wrong. How far the end
 * of the chain can be believed depends on where its head was kept.
 */
import { genesisHash } from "../chain.ts";
import type { AuditExport, AuditHead } from "../export-audit.ts";
import { ChainFollower } from "./chain-follower.ts";
import { WhyBroken, type AuditFault } from "./why-broken.ts";

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
  const follower = new ChainFollower(tenant);
  for (const row of entries) {
    const found = follower.push(row);
    if (found !== null) {
      const why = new WhyBroken(found);
      for (const other of entries) why.look(other);
      return { ok: false, ...why.answer(tenant, head.seq) };
    }
    if (head.seq === row.seq && head.hash !== row.hash) return broken(row.seq, "rewritten");
  }
  const last = follower.head;
  if (!(head.seq <= last.seq)) return broken(last.seq + 1, "truncated");
  if (head.seq === 0 && head.hash !== genesisHash(tenant)) return broken(1, "wrong_tenant");
  return { ok: true, head: last };
}
