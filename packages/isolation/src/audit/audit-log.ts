/**
 * Writes entries into the chain of the tenant whose context the transaction has entered. An entry that can't be
 * written makes the transaction fail: nothing happens without its entry.
 */
import type { AuditLog } from "../contracts.ts";
import { auditAppend } from "./audit-ddl.ts";
import { auditFailed, formatEntry } from "./audit-entry.ts";

/** The log in a database that `auditDdl` prepared. Throws `audit/failed`; the transaction must then be undone. */
export function createAuditLog(): AuditLog {
  return {
    async append(session, tenant, entries, sealer) {
      if (entries.length === 0) return;
      try {
        const texts = entries.map((entry) => formatEntry(tenant, entry, sealer));
        const { rows } = await session.query(`SELECT ${auditAppend}($1::pg_catalog.text[]) AS tenant`, [
          texts,
        ]);
        // Invariant: the database took the tenant from its own context, and it is the one that the caller meant.
        if (rows[0]?.["tenant"] !== tenant) throw new Error("the context is another tenant's");
      } catch (error) {
        throw auditFailed(error);
      }
    },
  };
}
