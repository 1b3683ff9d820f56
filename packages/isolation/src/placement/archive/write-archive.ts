/** Writes a tenant's archive into a folder, all of one moment. The folder is there when it is whole, and not before. */
import { createHash, type KeyObject } from "node:crypto";
import { mkdir, open, rename, rm, writeFile, access, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { exportAudit, type AuditRow } from "../../audit/export-audit.ts";
import type { SqlSession } from "../../contracts.ts";
import type { TablePlan } from "../../schema/table-plan.ts";
import { readKeys } from "../copy-keys.ts";
import { lineOf, readRows } from "../read-rows.ts";
import { tenantTables } from "../tenant-tables.ts";
import { ArchiveRejected } from "./archive-rejected.ts";
import {
  archiveFormat,
  signManifest,
  writeManifest,
  type ArchivedTable,
  type ArchiveManifest,
} from "./manifest.ts";

/** "WLS": no blind index begins so. */
const envelopeStart = "574c53";

export const manifestName = "manifest.json";
export const signatureName = "manifest.sig";

export interface Written {
  readonly manifest: ArchiveManifest;
  /** SHA-256 of the manifest's bytes, hex. */
  readonly sha256: string;
}

export interface ArchiveContents extends Pick<ArchiveManifest, "tenant" | "model" | "epoch" | "version"> {
  readonly schema: string;
  readonly plans: readonly TablePlan[];
}

/** Throws `archive/exists`. `session` must be in a transaction of one moment. */
export async function writeArchive(
  session: SqlSession,
  folder: string,
  contents: ArchiveContents,
  key: KeyObject | null,
  tell: (table: string, rows: number) => Promise<void>,
): Promise<Written> {
  await refuseExisting(folder);
  const draft = `${folder}.partial`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  // It holds all that a tenant has.
  await mkdir(draft, { mode: 0o700 });
  const { tenant, model, epoch, version, schema, plans } = contents;
  const { rows: clock } = await session.query(
    `SELECT pg_catalog.to_char(pg_catalog.transaction_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`,
    [],
  );
  const versions = new Set<number>();
  const tables: ArchivedTable[] = [];
  for (const [index, plan] of tenantTables(plans).entries()) {
    const file = `table-${String(index).padStart(3, "0")}.jsonl`;
    const sealed = plan.columns.flatMap((column, place) => (column.type.type === "bytea" ? [place] : []));
    let rows = 0;
    const sha256 = await writeLines(join(draft, file), async (write) => {
      for await (const page of readRows(session, schema, plan, tenant)) {
        await write(page.map(lineOf).join(""));
        for (const row of page)
          for (const place of sealed) {
            const cell = row[place];
            // After "WLS" and the version of the format: see docs/spec/envelope.md.
            if (typeof cell === "string" && cell.startsWith(envelopeStart))
              versions.add(Number.parseInt(cell.slice(8, 16), 16));
          }
        rows += page.length;
        await tell(plan.name, rows);
      }
    });
    tables.push({ table: plan.name, file, columns: plan.columns.map(({ name }) => name), rows, sha256 });
  }
  const chain = await exportAudit(session, tenant);
  const auditFile = "audit.jsonl";
  const auditHash = await writeLines(join(draft, auditFile), async (write) => {
    for (const row of chain.entries) await write(auditLine(row));
  });
  const keys = await readKeys(session, tenant);
  const keysFile = "keys.jsonl";
  const keysHash = await writeLines(join(draft, keysFile), async (write) => {
    for (const row of keys.rows) await write(`${JSON.stringify(row)}\n`);
  });
  const manifest: ArchiveManifest = {
    format: archiveFormat,
    tenant,
    model,
    epoch,
    version,
    at: String(clock[0]?.["at"]),
    tables,
    audit: { file: auditFile, sha256: auditHash, head: chain.head },
    keys: { file: keysFile, sha256: keysHash, state: keys.state },
    keyVersions: [...versions].toSorted((a, b) => a - b),
  };
  const bytes = writeManifest(manifest);
  await put(join(draft, manifestName), bytes);
  if (key !== null) await put(join(draft, signatureName), `${signManifest(bytes, key)}\n`);
  await refuseExisting(folder);
  await rename(draft, folder);
  return { manifest, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** A row of the audit chain as a line: its place, its time, the hash before it, its text and its hash. */
export function auditLine({ seq, at, prevHash, entry, hash }: AuditRow): string {
  return `${JSON.stringify([String(seq), String(at), prevHash, entry, hash])}\n`;
}

async function refuseExisting(folder: string): Promise<void> {
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  if (there) throw new ArchiveRejected("archive/exists", `${folder} is there already`);
}

async function writeLines(
  path: string,
  fill: (write: (text: string) => Promise<void>) => Promise<void>,
): Promise<string> {
  const hash = createHash("sha256");
  const file: FileHandle = await open(path, "wx", 0o600);
  try {
    await fill(async (text) => {
      hash.update(text);
      await file.appendFile(text);
    });
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content, { mode: 0o600, flag: "wx", flush: true });
}
