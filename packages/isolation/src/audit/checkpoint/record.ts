/**
 * What is anchored of a checkpoint: its note, and the heads of the tenants' chains that changed since the one before; at times
 * all of them, so that a reader need not begin with the first. One line of JSON.
 */
import type { TenantHead } from "./tenant-tree.ts";

export const recordFormat = "wardline/audit-record/1";

export interface CheckpointRecord {
  readonly note: string;
  /** Whether all heads stand there. */
  readonly isFull: boolean;
  readonly heads: readonly TenantHead[];
}

/** With its newline. */
export function formatRecord({ note, isFull, heads }: CheckpointRecord): string {
  const rows = heads.map(({ tenant, size, root }) => [tenant, size, root]);
  return `${JSON.stringify({ format: recordFormat, note, full: isFull, heads: rows })}\n`;
}

/** Null for every line that {@link formatRecord} would not have written. */
export function parseRecord(line: string): CheckpointRecord | null {
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof document !== "object" || document === null) return null;
  const { note, full, heads } = document as Readonly<Record<string, unknown>>;
  if (typeof note !== "string" || typeof full !== "boolean" || !Array.isArray(heads)) return null;
  const read = (heads as readonly unknown[]).map(parseHead);
  if (!read.every((head) => head !== null)) return null;
  const record = { note, isFull: full, heads: read };
  const written = formatRecord(record);
  return written === line || written === `${line}\n` ? record : null;
}

function parseHead(row: unknown): TenantHead | null {
  if (!Array.isArray(row) || row.length !== 3) return null;
  const [tenant, size, root] = row as readonly unknown[];
  if (typeof tenant !== "string" || !tenant.isWellFormed() || typeof root !== "string") return null;
  if (!Number.isSafeInteger(size) || (size as number) < 0 || !/^[0-9a-f]{64}$/.test(root)) return null;
  return { tenant, size: size as number, root };
}
