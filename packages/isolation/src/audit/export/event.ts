/**
 * Entries as events of others' formats, for the systems that collect them. The text that was hashed and its hashes come along, so
 * that what was collected can be held against the chain.
 */
import type { AuditRow } from "../export-audit.ts";
import { readEntry, timeText, type ReadableEntry } from "./readable-entry.ts";

/** An event of CloudEvents 1.0, in its JSON form. */
export function cloudEvent(row: AuditRow): object {
  const entry = readEntry(row.entry);
  return {
    specversion: "1.0",
    id: entry?.id ?? String(row.seq),
    source: `/wardline/audit/${encodeURIComponent(row.tenant)}`,
    type: `wardline.audit.${entry?.kind ?? "unreadable"}`,
    time: timeText(row.at),
    ...(entry === null ? {} : { subject: `${entry.entity}/${entry.action}` }),
    sequence: String(row.seq).padStart(16, "0"),
    chainprev: row.prevHash,
    chainhash: row.hash,
    datacontenttype: "application/json",
    data: entry?.document ?? row.entry,
  };
}

const ocsfVersion = "1.3.0";
/** Entity Management, in the category of identity and access. */
const classUid = 3004;
const activities: Readonly<Record<string, readonly [id: number, name: string]>> = {
  create: [1, "Create"],
  insert: [1, "Create"],
  read: [2, "Read"],
  list: [2, "Read"],
  update: [3, "Update"],
  delete: [4, "Delete"],
};

/** An event of the Open Cybersecurity Schema Framework: Entity Management. */
export function ocsfEvent(row: AuditRow): object {
  const entry = readEntry(row.entry);
  const action = entry?.action ?? "unreadable";
  const [activity, name] = (Object.hasOwn(activities, action) ? activities[action] : undefined) ?? [
    99,
    action,
  ];
  const isRefused = entry !== null && isFailure(entry);
  return {
    activity_id: activity,
    activity_name: name,
    category_uid: 3,
    category_name: "Identity & Access Management",
    class_uid: classUid,
    class_name: "Entity Management",
    type_uid: classUid * 100 + activity,
    type_name: `Entity Management: ${activity === 99 ? "Other" : name}`,
    severity_id: isRefused ? 2 : 1,
    severity: isRefused ? "Low" : "Informational",
    status_id: isRefused ? 2 : 1,
    status: isRefused ? "Failure" : "Success",
    ...(entry?.outcome == null ? {} : { status_code: entry.outcome }),
    time: Math.floor(row.at / 1000),
    message: `${entry?.kind ?? "unreadable"}: ${action} on ${entry?.entity ?? "unknown"}`,
    ...(entry?.reason == null ? {} : { comment: entry.reason }),
    entity: { name: entry?.entity ?? "unknown", type: entry?.entity ?? "unknown" },
    // A user without an id or a name is none; who it was may be sealed.
    ...(entry?.principal.id == null
      ? {}
      : { actor: { user: { uid: entry.principal.id, type_id: 99, type: entry.principal.type } } }),
    metadata: {
      version: ocsfVersion,
      product: { name: "Wardline", vendor_name: "Wardline" },
      uid: entry?.id ?? `${row.tenant}/${row.seq}`,
      sequence: row.seq,
      log_name: "audit",
      tenant_uid: row.tenant,
      original_time: timeText(row.at),
    },
    raw_data: row.entry,
    unmapped: {
      rules: entry?.rules ?? [],
      kind: entry?.kind ?? null,
      prev_hash: row.prevHash,
      hash: row.hash,
      at: row.at,
    },
  };
}

function isFailure({ kind, outcome }: ReadableEntry): boolean {
  return (
    kind === "refusal" ||
    kind === "challenge" ||
    kind === "violation" ||
    (outcome !== null && outcome !== "permit")
  );
}
