/** The receipt of a sweep: how many rows went, up to which moment, by what policy, as a signed note. See docs/spec/retention-receipt.md. */
import type { NoteKey, NoteSigner } from "../audit/checkpoint/note-key.ts";
import type { AuditHead } from "../audit/export-audit.ts";
import {
  openReceipt,
  signReceipt,
  type OpenedReceipt,
  type ReceiptFormat,
} from "../placement/signed-receipt.ts";
import type { SweepRun } from "./sweep-options.ts";

export const retentionReceiptFormat = "wardline/retention-receipt/1";

export interface RetentionReceipt {
  readonly format: typeof retentionReceiptFormat;
  readonly operation: string;
  readonly tenant: string;
  /** By the database's clock. */
  readonly at: string;
  /** SHA-256 of the model and of what is sealed. */
  readonly model: string;
  /** In their order; the last one came to the end. */
  readonly runs: readonly SweepRun[];
  /** Rows that are over and stay, since others refer to them. */
  readonly kept: Readonly<Record<string, number>>;
  /** What the policy says is kept for a time, and nothing is swept of. */
  readonly unswept: readonly { readonly entity: string; readonly why: string }[];
  /** Of the tenant's audit chain, before the entry with this receipt's digest. */
  readonly chain: AuditHead;
}

const format: ReceiptFormat<RetentionReceipt> = {
  name: retentionReceiptFormat,
  longest: 1_000_000,
  isReceipt,
};

/** See {@link signReceipt}. */
export function signRetentionReceipt(receipt: RetentionReceipt, signer: NoteSigner): string {
  return signReceipt(format, receipt, signer);
}

export type ReadRetentionReceipt = OpenedReceipt<RetentionReceipt>;

/** Believes nothing that none of the keys has signed, and nothing that the writer would not write. */
export function readRetentionReceipt(note: string, keys: readonly NoteKey[]): ReadRetentionReceipt {
  return openReceipt(format, note, keys);
}

function isReceipt(value: unknown): value is RetentionReceipt {
  const it = value as Partial<RetentionReceipt> | null;
  return (
    typeof it === "object" &&
    it !== null &&
    it.format === retentionReceiptFormat &&
    [it.operation, it.tenant, it.at, it.model].every((text) => typeof text === "string" && text !== "") &&
    Array.isArray(it.runs) &&
    it.runs.every((run) => Array.isArray((run as Partial<SweepRun> | null)?.rows)) &&
    Array.isArray(it.unswept) &&
    typeof it.kept === "object" &&
    typeof it.chain?.hash === "string"
  );
}
