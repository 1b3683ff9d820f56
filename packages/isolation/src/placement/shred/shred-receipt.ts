/** The receipt of a shredding: what was destroyed, who confirmed it, and what is not covered, as a signed note. See docs/spec/shred-receipt.md. */
import type { NoteKey, NoteSigner } from "../../audit/checkpoint/note-key.ts";
import type { AuditHead } from "../../audit/export-audit.ts";
import type { KeyPart } from "../../keys/key-provider.ts";
import { openReceipt, signReceipt, type OpenedReceipt, type ReceiptFormat } from "../signed-receipt.ts";
import type { NotCovered } from "./not-covered.ts";
import { hasRegistry } from "./shred-databases.ts";
import type { ShreddedKey } from "./shred-registry.ts";

export const shredReceiptFormat = "wardline/shred-receipt/1";

/** What the provider said of a wrapping key, and when. */
export interface Confirmation {
  /** `missing`: after its waiting period the provider knows nothing of the key any more. */
  readonly state: "destroyed" | "missing";
  /** When it was first asked to destroy it, and when it said that it is gone; by the catalogue's clock. */
  readonly askedAt: string;
  readonly confirmedAt: string;
  /** Until when it could have been called back, where the provider has a waiting period. */
  readonly pendingUntil: string | null;
}

export interface ReceiptDatabase {
  readonly cell: string;
  readonly database: string | null;
  readonly schemas: readonly string[];
  readonly isHome: boolean;
  /** The database had been dropped before: nothing was done there. */
  readonly isGone: boolean;
  /** It was there, and had no registry of keys: nothing was done there either. */
  readonly isKeyless: boolean;
  readonly disabledAt: string | null;
  readonly leftAt: string | null;
  readonly outAt: string | null;
  readonly destroyedAt: string | null;
  readonly keys: readonly ShreddedKey[];
  /** `schema.table.column` → how many blind indexes were emptied. */
  readonly cleared: Readonly<Record<string, number>>;
}

export interface ShredReceipt {
  readonly format: typeof shredReceiptFormat;
  readonly operation: string;
  readonly tenant: string;
  readonly operator: string;
  /** SHA-256 of the model and of what is sealed. */
  readonly model: string;
  readonly at: string;
  /** Whether the audit log's own key was destroyed too. */
  readonly audit: "kept" | "destroyed";
  readonly provider: string;
  readonly outside: Readonly<Record<KeyPart, Confirmation | null>>;
  readonly databases: readonly ReceiptDatabase[];
  readonly notCovered: readonly NotCovered[];
  /** Of the tenant's audit chain, before the entry with this receipt's digest. */
  readonly chain: AuditHead;
}

const format: ReceiptFormat<ShredReceipt> = { name: shredReceiptFormat, longest: 4_000_000, isReceipt };

/** See {@link signReceipt}. */
export function signShredReceipt(receipt: ShredReceipt, signer: NoteSigner): string {
  return signReceipt(format, receipt, signer);
}

export type ReadReceipt = OpenedReceipt<ShredReceipt>;

/** Believes nothing that none of the keys has signed, and nothing that the writer would not write. */
export function readShredReceipt(note: string, keys: readonly NoteKey[]): ReadReceipt {
  return openReceipt(format, note, keys);
}

function isReceipt(value: unknown): value is ShredReceipt {
  const it = value as Partial<ShredReceipt> | null;
  return (
    typeof it === "object" &&
    it !== null &&
    it.format === shredReceiptFormat &&
    [it.operation, it.tenant, it.operator, it.model, it.at, it.provider].every(
      (text) => typeof text === "string" && text !== "",
    ) &&
    (it.audit === "kept" || it.audit === "destroyed") &&
    // Invariant: there is no receipt of what the provider did not confirm.
    isConfirmation(it.outside?.data) &&
    (it.audit === "kept" ? it.outside?.audit === null : isConfirmation(it.outside?.audit)) &&
    Array.isArray(it.databases) &&
    it.databases.every((database) => !hasRegistry(database) || typeof database.destroyedAt === "string") &&
    Array.isArray(it.notCovered) &&
    typeof it.chain?.hash === "string"
  );
}

function isConfirmation(value: Confirmation | null | undefined): boolean {
  return value?.state === "destroyed" || value?.state === "missing";
}
