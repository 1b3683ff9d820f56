/** Makes entries: what every one says of itself, and what is left out where it says nothing. */
import { randomUUID } from "node:crypto";
import type { AuditEntry } from "../contracts.ts";

type Said = Pick<AuditEntry, "kind" | "principal" | "action" | "entity" | "revision" | "bundle" | "at">;

/** An entry with an id of its own. */
export function newEntry(said: Said & Partial<AuditEntry>): AuditEntry {
  return {
    id: randomUUID(),
    of: null,
    stage: null,
    outcome: null,
    fields: null,
    count: said.rows?.length ?? 0,
    rules: [],
    reason: null,
    obligations: [],
    predicate: null,
    rows: [],
    words: null,
    ...said,
  };
}
