/**
 * Writes entries into the chain of the tenant whose context the transaction has entered. An entry that can't be
 * written makes the transaction fail: nothing happens without its entry.
 */
import canonicalize from "canonicalize";
import type { AuditEntry, AuditLog } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { auditAppend } from "./audit-ddl.ts";

/** The form of entries; it stands in each. */
export const auditFormat = "wardline/audit/2";

/** The log in a database that `auditDdl` prepared. Throws `audit/failed`; the transaction must then be undone. */
export function createAuditLog(): AuditLog {
  return {
    async append(session, tenant, entries) {
      if (entries.length === 0) return;
      const texts = entries.map((entry) => formatEntry(tenant, entry));
      const { rows } = await session
        .query(`SELECT ${auditAppend}($1::pg_catalog.text[]) AS tenant`, [texts])
        .catch((error: unknown) => {
          throw failed(error);
        });
      // Invariant: the database took the tenant from its own context, and it is the one that the caller meant.
      if (rows[0]?.["tenant"] !== tenant) throw failed();
    },
  };
}

/** The canonical bytes of an entry (RFC 8785). The keys are listed, so that nothing else gets into a log. */
export function formatEntry(tenant: string, entry: AuditEntry): string {
  try {
    const text = canonicalize({
      format: auditFormat,
      tenant,
      kind: entry.kind,
      principal: { type: entry.principal.type, id: entry.principal.id },
      action: entry.action,
      entity: entry.entity,
      rows: [...entry.rows],
      rules: [...entry.rules],
      reason: entry.reason,
      revision: entry.revision,
      at: entry.at,
    });
    if (text !== undefined) return text;
  } catch {
    // A lone surrogate has no canonical form.
  }
  throw failed();
}

/** The cause is for the operator: the driver gives its caller an error of its own instead. */
function failed(cause?: unknown): IsolationViolation {
  const error = new IsolationViolation("audit/failed", "the audit log could not be written");
  if (cause !== undefined) error.cause = cause;
  return error;
}
