/**
 * The operator's own list of tenants that were shredded, in a file beside no database: it remembers where a catalogue was restored and the
 * provider has forgotten. Only ever added to.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { syncFolder } from "../../audit/signer/record-file.ts";
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
/** Ends a line that a process had not written to its end. No entry has such a character, and nothing is taken back: others may be writing. */
const cutOff = "\u0018";

/** The file is made with its first entry. Throws {@link ShredRefused} `shred/bad-ledger` for one that is something else. */
export function fileLedger(path: string): ShredLedger {
  return {
    find: async (tenant) => readEntries(path).entries.filter((entry) => entry.tenant === tenant),
    async add({ tenant, operation, state, audit, at }) {
      const isThere = ({ entries }: Read): boolean =>
        entries.some((it) => it.tenant === tenant && it.operation === operation && it.state === state);
      const before = readEntries(path);
      if (isThere(before)) return;
      const isNew = !existsSync(path);
      const file = openSync(path, "a", 0o600);
      try {
        const line = `${JSON.stringify({ format, tenant, operation, state, audit, at })}\n`;
        writeFileSync(file, before.isWhole ? line : `${cutOff}\n${line}`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      if (isNew) syncFolder(dirname(path));
      // It stands behind what another process had not written to its end since.
      if (!isThere(readEntries(path))) throw badLedger(path, "has not kept the new entry");
    },
  };
}

interface Read {
  readonly entries: readonly LedgerEntry[];
  /** Whether the last line is. */
  readonly isWhole: boolean;
}

function readEntries(path: string): Read {
  if (!existsSync(path)) return { entries: [], isWhole: true };
  const lines = readFileSync(path, "utf8").split("\n");
  const isWhole = lines.pop() === "";
  const entries = lines.flatMap((line, index) => {
    if (line.endsWith(cutOff)) return [];
    const entry = readEntry(line);
    // Invariant: what is not understood may be a tenant that does not come back.
    if (entry === null) throw badLedger(path, `has a line ${index + 1} that is none of its own`);
    return [entry];
  });
  return { entries, isWhole };
}

function readEntry(line: string): LedgerEntry | null {
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
    return null;
  return { tenant, operation, state, audit, at };
}

function badLedger(path: string, what: string): ShredRefused {
  return new ShredRefused(
    "shred/bad-ledger",
    `the ledger of shredded tenants ${path} ${what}: put a copy of it back, with all that was added since`,
  );
}
