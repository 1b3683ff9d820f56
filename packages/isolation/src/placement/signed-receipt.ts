/** A receipt as a signed note: the name of its format, and what it says as canonical JSON. */
import { createHash } from "node:crypto";
import { canonicalJson } from "@wardline/core";
import { openNote, signNote, type NoteRefused } from "../audit/checkpoint/note.ts";
import type { NoteKey, NoteSigner } from "../audit/checkpoint/note-key.ts";

export interface ReceiptFormat<T> {
  readonly name: string;
  /** Characters of a note. */
  readonly longest: number;
  readonly isReceipt: (value: unknown) => value is T;
}

export type OpenedReceipt<T> =
  | { readonly ok: true; readonly receipt: T; readonly sha256: string }
  | { readonly ok: false; readonly fault: NoteRefused | "not_a_receipt" };

/** The note; equal receipts have equal bytes. */
export function signReceipt<T>({ name, longest }: ReceiptFormat<T>, receipt: T, signer: NoteSigner): string {
  return signNote(`${name}\n${canonicalJson(receipt)}\n`, signer, longest);
}

/** Believes nothing that none of the keys has signed, and nothing that the writer would not write. */
export function openReceipt<T>(
  { name, longest, isReceipt }: ReceiptFormat<T>,
  note: string,
  keys: readonly NoteKey[],
): OpenedReceipt<T> {
  const opened = openNote(note, keys, longest);
  if ("refused" in opened) return { ok: false, fault: opened.refused };
  const no = { ok: false, fault: "not_a_receipt" } as const;
  const [first, body = "", ...rest] = opened.text.split("\n");
  if (first !== name || rest.length !== 1 || rest[0] !== "") return no;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return no;
  }
  if (!isReceipt(value) || canonicalJson(value) !== body) return no;
  return { ok: true, receipt: value, sha256: digestOfReceipt(note) };
}

/** What stands in the tenant's audit chain. */
export function digestOfReceipt(note: string): string {
  return createHash("sha256").update(note, "utf8").digest("hex");
}
