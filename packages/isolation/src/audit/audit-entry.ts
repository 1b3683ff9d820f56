/**
 * The text of an entry: what is personal in it is sealed under the tenant's audit key and bound to the entry, the rest stands
 * in clear. The keys are listed, so that nothing else gets into a log.
 */
import canonicalize from "canonicalize";
import type { AuditEntry, AuditSealer } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";

/** The form of entries; it stands in each. */
export const auditFormat = "wardline/audit/2";

/** An entry as whoever has the tenant's audit key reads it. */
export type OpenedEntry = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly principal: { readonly type: string; readonly id: string };
  readonly rows: readonly string[];
};

/**
 * The canonical bytes (RFC 8785). Without a sealer, for operators, who act where there is no key: then the principal stands in clear, and
 * there are no rows or words. Throws `audit/failed` for what has no canonical form, and what the sealer throws.
 */
export function formatEntry(tenant: string, entry: AuditEntry, sealer: AuditSealer | null): string {
  if (sealer === null && (entry.rows.length > 0 || entry.words !== null)) throw new TypeError("not sealed");
  const { id, principal } = entry;
  const personal = canonical({
    principal: principal.id,
    rows: [...entry.rows],
    words: entry.words,
    facts: entry.facts ?? null,
  });
  return canonical({
    format: auditFormat,
    tenant,
    id,
    of: entry.of,
    kind: entry.kind,
    stage: entry.stage,
    outcome: entry.outcome,
    principal: sealer === null ? { type: principal.type, id: principal.id } : { type: principal.type },
    action: entry.action,
    entity: entry.entity,
    fields: entry.fields === null ? null : [...entry.fields],
    count: entry.count,
    rules: [...entry.rules],
    reason: entry.reason,
    obligations: entry.obligations,
    policy: { revision: entry.revision, bundle: entry.bundle },
    predicate: entry.predicate === null || sealer === null ? null : sealer.digest(entry.predicate),
    at: entry.at,
    sealed: sealer === null ? null : sealer.seal(id, personal),
  });
}

/** The entry with its sealed part. Throws SealBroken where that does not open, and TypeError for what is no entry of this form. */
export function openEntry(text: string, sealer: AuditSealer): OpenedEntry {
  const { sealed, principal, ...rest } = record(JSON.parse(text));
  if (rest["format"] !== auditFormat || typeof rest["id"] !== "string") throw new TypeError("no entry");
  const { type, id } = record(principal);
  if (sealed === null)
    return { ...rest, principal: { type, id }, rows: [], words: null, facts: null } as never;
  if (typeof sealed !== "string") throw new TypeError("no entry");
  const { principal: who, ...personal } = record(JSON.parse(sealer.open(rest["id"], sealed)));
  return { ...rest, principal: { type, id: who }, ...personal } as never;
}

/** What of an entry stands in clear; whoever has no key sees this. */
export function clearEntry(text: string): Readonly<Record<string, unknown>> {
  const { sealed: _sealed, ...clear } = record(JSON.parse(text));
  return clear;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError("no entry");
  return value as Readonly<Record<string, unknown>>;
}

function canonical(value: unknown): string {
  try {
    const text = canonicalize(value);
    if (text !== undefined) return text;
  } catch {
    // A lone surrogate has no canonical form.
  }
  throw auditFailed();
}

/** The cause is for the operator: the driver gives its caller an error of its own instead. */
export function auditFailed(cause?: unknown): IsolationViolation {
  const error = new IsolationViolation(
    "audit/failed",
    "the audit log could not be written, so nothing was kept",
  );
  if (cause !== undefined) error.cause = cause;
  return error;
}
