/** The receipt of a sweep: how many rows went, up to which moment, by what policy, as a signed note. See docs/spec/retention-receipt.md. */
import { canonicalJson } from "@wardline/core";
import { openNote, signNote, type NoteRefused } from "../audit/checkpoint/note.ts";
import type { NoteKey, NoteSigner } from "../audit/checkpoint/note-key.ts";
import type { AuditHead } from "../audit/export-audit.ts";
import { digestOfReceipt } from "../placement/shred/shred-receipt.ts";
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

/** Characters. */
const longest = 1_000_000;

/** The note; equal receipts have equal bytes. */
export function signRetentionReceipt(receipt: RetentionReceipt, signer: NoteSigner): string {
  return signNote(`${retentionReceiptFormat}\n${canonicalJson(receipt)}\n`, signer, longest);
}

export type ReadRetentionReceipt =
  | { readonly ok: true; readonly receipt: RetentionReceipt; readonly sha256: string }
  | { readonly ok: false; readonly fault: NoteRefused | "not_a_receipt" };

/** Believes nothing that none of the keys has signed, and nothing that the writer would not write. */
export function readRetentionReceipt(note: string, keys: readonly NoteKey[]): ReadRetentionReceipt {
  const opened = openNote(note, keys, longest);
  if ("refused" in opened) return { ok: false, fault: opened.refused };
  const no: ReadRetentionReceipt = { ok: false, fault: "not_a_receipt" };
  const [first, body = "", ...rest] = opened.text.split("\n");
  if (first !== retentionReceiptFormat || rest.length !== 1 || rest[0] !== "") return no;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return no;
  }
  if (!isReceipt(value) || canonicalJson(value) !== body) return no;
  return { ok: true, receipt: value, sha256: digestOfReceipt(note) };
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
