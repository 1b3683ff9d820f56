/**
 * The lines of an exported chain: one that names the tenant and the head, and one for each entry. A line has one form, so that
 * whoever reads the file and whoever verifies it read the same.
 */
import type { AuditHead, AuditRow } from "../export-audit.ts";

export const exportFormat = "wardline/audit-export/1";

/** What stands before the rows of a chain. */
export interface ExportHeader {
  readonly tenant: string;
  readonly head: AuditHead;
}

/** Without a newline. */
export function formatHeader({ tenant, head: { seq, hash } }: ExportHeader): string {
  return JSON.stringify({ format: exportFormat, tenant, head: { seq, hash } });
}

/** Without a newline. The tenant is the header's. */
export function formatRow({ seq, at, prevHash, hash, entry }: AuditRow): string {
  return JSON.stringify({ seq, at, prevHash, hash, entry });
}

/** Null for every line that {@link formatHeader} would not have written. */
export function parseHeader(line: string): ExportHeader | null {
  if (!line.startsWith('{"format":')) return null;
  try {
    const { tenant, head } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const { seq, hash } = (head ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof tenant !== "string" || typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) return null;
    if (!Number.isSafeInteger(seq) || (seq as number) < 0) return null;
    const header = { tenant, head: { seq: seq as number, hash } };
    return formatHeader(header) === line ? header : null;
  } catch {
    return null;
  }
}

const number = /^(?:0|-?[1-9]\d{0,15})$/;

/** Null for a line of another form. Only the entry is left to the parser of JSON: the rest is where it must be. */
export function parseRow(line: string, tenant: string): AuditRow | null {
  const at = line.indexOf(',"at":', 7);
  const prev = line.indexOf(',"prevHash":"', at + 6);
  // A hash has 64 digits.
  const own = prev + 13 + 64;
  const text = own + 10 + 64;
  const isFormed =
    line.startsWith('{"seq":') &&
    at > 0 &&
    prev > 0 &&
    line.startsWith('","hash":"', own) &&
    line.startsWith('","entry":"', text) &&
    line.endsWith('"}');
  if (!isFormed) return null;
  const [seq, time] = [line.slice(7, at), line.slice(at + 6, prev)];
  if (!number.test(seq) || !number.test(time)) return null;
  try {
    return {
      tenant,
      seq: Number(seq),
      at: Number(time),
      prevHash: line.slice(prev + 13, own),
      hash: line.slice(own + 10, text),
      entry: JSON.parse(line.slice(text + 10, -1)) as string,
    };
  } catch {
    return null;
  }
}
