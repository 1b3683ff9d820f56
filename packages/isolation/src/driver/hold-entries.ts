/** Gives entries of reads and decisions to the window of their tenant, where it has chosen one. */
import type { AuditLevel, KnownFacts } from "@wardline/core";
import type { AuditEntry } from "../contracts.ts";
import { saidBy, type GuardedDialectOptions } from "./options.ts";
import { recorderFor } from "./recorder.ts";

/** Null where they are to be on record before anything is shown. Else what they tell of may be shown once it has resolved; throws `audit/failed`. */
export function holdEntries(
  options: GuardedDialectOptions,
  facts: KnownFacts,
  levels: readonly AuditLevel[],
  entries: readonly AuditEntry[],
): Promise<void> | null {
  const { window } = options;
  const tenant = facts.tenant.id;
  if (window?.takes(tenant, levels) !== true) return null;
  const recorder = recorderFor(options, facts);
  return window.add(tenant, entries, {
    said() {
      const { revision, bundle, at } = saidBy(options, facts);
      return { revision, bundle, at };
    },
    record: (held) => recorder.record(held),
  });
}
