/** What the checkpoints of a log vouch for, tenant by tenant. */
import type { CheckpointHistory, FaultyCheckpoint } from "../checkpoint/history.ts";
import type { CheckpointRecord } from "../checkpoint/record.ts";
import type { VouchedHead } from "./verify-export.ts";

export interface Vouched {
  /** By size, ascending. */
  readonly heads: ReadonlyMap<string, readonly VouchedHead[]>;
  /** The first record that is not believed; those before it count. */
  readonly faulty: FaultyCheckpoint | null;
}

/** Follows records in their order; null stands for a line that is no record. */
export function vouchedHeads(
  history: CheckpointHistory,
  records: Iterable<CheckpointRecord | null>,
): Vouched {
  const heads = new Map<string, VouchedHead[]>();
  for (const record of records) {
    const seen =
      record === null
        ? ({ fault: "malformed", number: null, tenant: null } satisfies FaultyCheckpoint)
        : history.add(record);
    if ("fault" in seen) return { heads, faulty: seen };
    for (const head of seen.changed) {
      const list = heads.get(head.tenant) ?? [];
      list.push({ ...head, checkpoint: seen.checkpoint.number });
      heads.set(head.tenant, list);
    }
  }
  return { heads, faulty: null };
}
