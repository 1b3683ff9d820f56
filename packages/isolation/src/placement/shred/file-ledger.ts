/**
 * The operator's own list of tenants that were shredded, in a file beside no database: it remembers where a catalogue was restored and the
 * provider has forgotten. Only ever added to.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { ShredRefused } from "./shred-refused.ts";

export interface LedgerEntry {
  readonly tenant: string;
  readonly operation: string;
  /** Begun, or confirmed by the provider. */
  readonly state: "begun" | "destroyed";
  /** Whether the audit log's key is meant too. */
  readonly audit: boolean;
  /** RFC 3339. */
  readonly at: string;
}

export interface ShredLedger {
  /** The entries of the tenant, the first first. */
  find(tenant: string): Promise<readonly LedgerEntry[]>;
  /** Resolves once it is kept. */
  add(entry: LedgerEntry): Promise<void>;
}

const format = "wardline/shred-ledger/1";

/** The file is made with its first entry. Throws {@link ShredRefused} `shred/bad-ledger` for one that is something else. */
export function fileLedger(path: string): ShredLedger {
  return {
    find: async (tenant) => readEntries(path).entries.filter((entry) => entry.tenant === tenant),
    async add({ tenant, operation, state, audit, at }) {
      const { entries, length, isWhole } = readEntries(path);
      if (entries.some((it) => it.tenant === tenant && it.operation === operation && it.state === state))
        return;
      const file = openSync(path, "a", 0o600);
      try {
        // What a process that ended in the midst had written is taken back.
        if (!isWhole) ftruncateSync(file, length);
        writeSync(file, `${JSON.stringify({ format, tenant, operation, state, audit, at })}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    },
  };
}

interface Read {
  readonly entries: readonly LedgerEntry[];
  /** Bytes of whole lines, and whether there is nothing after them. */
  readonly length: number;
  readonly isWhole: boolean;
}

function readEntries(path: string): Read {
  if (!existsSync(path)) return { entries: [], length: 0, isWhole: true };
  const text = readFileSync(path, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const entries = whole.split("\n").slice(0, -1).map(readEntry);
  return { entries, length: Buffer.byteLength(whole, "utf8"), isWhole: whole === text };
}

function readEntry(line: string): LedgerEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = null;
  }
  const it = (value ?? {}) as Readonly<Record<string, unknown>>;
  const { tenant, operation, state, audit, at } = it;
  if (
    it["format"] !== format ||
    typeof tenant !== "string" ||
    typeof operation !== "string" ||
    (state !== "begun" && state !== "destroyed") ||
    typeof audit !== "boolean" ||
    typeof at !== "string"
  )
    // Invariant: what is not understood may be a tenant that does not come back.
    throw new ShredRefused(
      "shred/bad-ledger",
      "the ledger of shredded tenants has a line that is none of its own",
    );
  return { tenant, operation, state, audit, at };
}
