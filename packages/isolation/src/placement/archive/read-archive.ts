/** Reads a tenant's archive. Nothing of it is believed before its bytes have the hash that the manifest says. */
import { createHash, type KeyObject } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { AuditExport, AuditRow } from "../../audit/export-audit.ts";
import type { RowTexts } from "../read-rows.ts";
import type { CarriedKeys, KeyTexts } from "../copy-keys.ts";
import { ArchiveRejected } from "./archive-rejected.ts";
import { checkSignature, readManifest, type ArchivedTable, type ArchiveManifest } from "./manifest.ts";
import { auditLine, manifestName, signatureName } from "./write-archive.ts";

export interface OpenedArchive {
  readonly folder: string;
  readonly manifest: ArchiveManifest;
  /** SHA-256 of the manifest's bytes, hex. */
  readonly sha256: string;
}

const largestManifest = 16 * 1024 * 1024;
/** A sealed cell has 16 MiB, which is twice that in hex; a row has several. */
const longestLine = 256 * 1024 * 1024;
const pageRows = 500;

/** Reads the manifest, and checks its signature where a key is given. Throws {@link ArchiveRejected}. */
export async function openArchive(folder: string, key: KeyObject | null): Promise<OpenedArchive> {
  const bytes = await readSmall(join(folder, manifestName), largestManifest);
  if (bytes === null)
    throw new ArchiveRejected("archive/unreadable", `${folder} holds no manifest that can be read`);
  if (key !== null) {
    const signature = await readSmall(join(folder, signatureName), 1024);
    checkSignature(bytes, signature === null ? null : signature.toString("utf8").trimEnd(), key);
  }
  return {
    folder,
    manifest: readManifest(bytes),
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
}

/** Pages of rows. Throws `archive/changed` at the end, if not before, where the file is not the manifest's. */
export async function* archivedRows(
  folder: string,
  table: ArchivedTable,
): AsyncGenerator<readonly RowTexts[]> {
  let page: RowTexts[] = [];
  let rows = 0;
  for await (const value of lines(folder, table.file, table.sha256)) {
    if (!isRow(value, table.columns.length)) throw changed(table.file);
    page.push(value);
    rows++;
    if (page.length < pageRows) continue;
    yield page;
    page = [];
  }
  if (rows !== table.rows) throw changed(table.file);
  if (page.length > 0) yield page;
}

/** The audit chain. Throws `archive/changed`. */
export async function archivedChain({ folder, manifest }: OpenedArchive): Promise<AuditExport> {
  const { tenant, audit } = manifest;
  const entries: AuditRow[] = [];
  for await (const value of lines(folder, audit.file, audit.sha256)) {
    if (!isRow(value, 5) || value.includes(null)) throw changed(audit.file);
    const [seq, at, prevHash, entry, hash] = value as readonly [string, string, string, string, string];
    const row = { tenant, seq: Number(seq), at: Number(at), prevHash, entry, hash };
    if (auditLine(row) !== `${JSON.stringify(value)}\n`) throw changed(audit.file);
    entries.push(row);
  }
  return { tenant, head: audit.head, entries };
}

/** The registry of keys. Throws `archive/changed`. */
export async function archivedKeys({ folder, manifest }: OpenedArchive): Promise<CarriedKeys> {
  const { file, sha256, state } = manifest.keys;
  const rows: KeyTexts[] = [];
  for await (const value of lines(folder, file, sha256)) {
    if (!isRow(value, 9) || value.some((cell, place) => cell === null && place !== 4)) throw changed(file);
    rows.push(value as unknown as KeyTexts);
  }
  return { state, rows };
}

async function* lines(folder: string, name: string, sha256: string): AsyncGenerator {
  const hash = createHash("sha256");
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(join(folder, name)) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        yield parse(rest.subarray(0, end), name);
        rest = rest.subarray(end + 1);
      }
      if (rest.length > longestLine) throw changed(name);
    }
  } catch (error) {
    if (error instanceof ArchiveRejected) throw error;
    throw new ArchiveRejected("archive/unreadable", `${name} cannot be read`, { cause: error });
  }
  if (rest.length > 0 || hash.digest("hex") !== sha256) throw changed(name);
}

function parse(line: Buffer, name: string): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
    const value: unknown = JSON.parse(text);
    // A line has one reading.
    if (JSON.stringify(value) === text) return value;
  } catch {
    // As below.
  }
  throw changed(name);
}

function isRow(value: unknown, columns: number): value is RowTexts {
  return (
    Array.isArray(value) &&
    value.length === columns &&
    value.every((cell) => cell === null || typeof cell === "string")
  );
}

async function readSmall(path: string, limit: number): Promise<Buffer | null> {
  try {
    const file = await open(path, "r");
    try {
      const status = await file.stat();
      return status.isFile() && status.size <= limit ? await file.readFile() : null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

function changed(file: string): ArchiveRejected {
  return new ArchiveRejected("archive/changed", `${file} is not the file that the manifest speaks of`);
}
