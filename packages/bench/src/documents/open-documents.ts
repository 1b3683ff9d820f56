/** Wardline over the documents, as an application opens it: bundles from a folder, contexts signed, a handle for each user. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localKeys, Wardline } from "@wardline/sdk";
import type { AuditLevel } from "@wardline/core";
import type { AuditWindowOptions, ContextKey, Database, KeyProvider } from "@wardline/isolation";
import type { Kysely } from "kysely";
import { writeBundle } from "../ours/write-bundle.ts";
import { auditedProgramOf, tenants, users } from "./documents.ts";

export interface DocTable {
  readonly docs: {
    readonly id: string;
    readonly owner_id: string;
    readonly dept: string;
    readonly status: string;
    readonly level: number;
    readonly title: string;
  };
}

export interface OpenDocuments {
  /** By the number of the user. */
  readonly handles: readonly Kysely<DocTable>[];
  readonly close: () => Promise<void>;
}

export interface OpenOptions {
  readonly audit?: AuditLevel | null;
  readonly auditWindow?: AuditWindowOptions;
  /** Those that the tenants' keys in the database were made with; else the tenants have none. */
  readonly keys?: KeyProvider;
}

export async function openDocuments(
  database: Database,
  contextKey?: ContextKey,
  { audit = null, auditWindow, keys: given }: OpenOptions = {},
): Promise<OpenDocuments> {
  const folder = mkdtempSync(join(tmpdir(), "wardline-documents-"));
  const keys = given ?? localKeys(join(folder, "keys.json"));
  const bundles = join(folder, "bundles");
  for (const tenant of tenants) {
    await keys.create(tenant);
    await writeBundle(bundles, auditedProgramOf(tenant, audit));
  }
  const wardline = await Wardline.open({
    bundles,
    trust: "unsigned-development",
    database,
    keys,
    ...(contextKey === undefined ? {} : { contextKey }),
    ...(auditWindow === undefined ? {} : { auditWindow }),
    onOperatorError: (error) => process.stderr.write(`${String(error)}\n`),
  });
  const handles = users.map(
    ({ tenant, id, level, dept }) =>
      wardline
        .tenant(tenant)
        .as<DocTable>({ type: "User", id, roles: ["staff"], attributes: { level, dept } }).db,
  );
  return {
    handles,
    close: async () => {
      await wardline.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
