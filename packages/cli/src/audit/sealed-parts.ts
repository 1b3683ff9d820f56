/**
 * Opens the sealed parts of entries for an investigator: with a provider of keys, and the registry of the tenants' keys in a database or in a
 * file. Invariant: where the registry is a database's, that they are opened stands in the tenant's chain before any is.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import {
  appendOperation,
  KeyProviderError,
  KeyRing,
  openEntry,
  operatorRegistry,
  SealBroken,
  type AuditRow,
  type AuditSealer,
  type Database,
  type OpenedEntry,
  type OperationEntry,
  type SqlSession,
} from "@wardline/isolation";
import type { QueryAuditOptions } from "../command/audit.ts";
import { databaseProblem, openDatabase } from "../database/open-database.ts";
import { UsageError } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { openKeys } from "../keys/keys-file.ts";

/** What of an entry is sealed, or why that is not shown. */
export type SealedPart =
  | { readonly kind: "none" | "sealed" | "destroyed" }
  | { readonly kind: "opened"; readonly entry: OpenedEntry }
  | { readonly kind: "unopened"; readonly code: string };

export interface SealedParts {
  /** Before rows of the tenant are opened; again for each page of them, since keys are held for a time. Throws {@link UsageError}. */
  ready(tenant: string): Promise<void>;
  open(row: AuditRow): SealedPart;
  close(): void;
}

/** Opens nothing. */
const staySealed: SealedParts = {
  ready: async () => undefined,
  open: ({ entry }) => ({ kind: isSealed(entry) ? "sealed" : "none" }),
  close: () => undefined,
};

/** Without `--keys` all stays sealed. Throws {@link UsageError}. */
export async function sealedParts(io: Io, options: QueryAuditOptions): Promise<SealedParts> {
  const { keys, registry = options.database, operator, reason, tenant: tenants } = options;
  if (keys === undefined) {
    if (options.registry !== undefined) throw new UsageError("--registry goes with --keys");
    return staySealed;
  }
  if (tenants.length === 0)
    throw new UsageError("--keys opens what is sealed of the tenants that --tenant names, and none is");
  if (registry === undefined)
    throw new UsageError(
      "--keys needs the registry of keys",
      "--registry is a database, by an operator's login, or a file of `keys registry`",
    );
  const provider = openKeys(io, keys);
  const file = resolve(io.cwd, registry);
  if (existsSync(file) && statSync(file).isFile())
    return partsWith(provider, fromFile(file, registry, tenants));
  if (operator === undefined || reason === undefined)
    throw new UsageError(
      "--operator and --reason say who opens it and why: that is put on the tenants' record first",
    );
  const database = await openDatabase(io, {
    database: registry,
    schema: "public",
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  try {
    return partsWith(provider, await fromDatabase(database, tenants, { operator, reason }));
  } finally {
    await database.close();
  }
}

/** `texts`: what the registry says of each tenant. */
function partsWith(provider: ReturnType<typeof openKeys>, texts: ReadonlyMap<string, string>): SealedParts {
  const ring = new KeyRing({ provider });
  const sealers = new Map<string, AuditSealer>();
  return {
    async ready(tenant) {
      const text = texts.get(tenant);
      if (text === undefined) return;
      const held = await ring.of(tenant, { inTransaction: true, read: async () => auditKeysOf(text) });
      sealers.set(tenant, held.audit);
    },
    open(row) {
      const sealer = sealers.get(row.tenant);
      if (sealer === undefined || !isSealed(row.entry)) return staySealed.open(row);
      try {
        return { kind: "opened", entry: openEntry(row.entry, sealer) };
      } catch (error) {
        return refused(error);
      }
    },
    close: () => ring.close(),
  };
}

function refused(error: unknown): SealedPart {
  if (error instanceof SealBroken || error instanceof KeyProviderError)
    return error.code.endsWith("destroyed") ? { kind: "destroyed" } : { kind: "unopened", code: error.code };
  // It has no form of ours.
  return { kind: "unopened", code: "malformed" };
}

function isSealed(entry: string): boolean {
  try {
    const { sealed } = JSON.parse(entry) as { readonly sealed?: unknown };
    return typeof sealed === "string";
  } catch {
    return false;
  }
}

/** No key that opens rows of the tenant is unwrapped for this. */
function auditKeysOf(registry: string): string {
  const document = JSON.parse(registry) as { readonly keys: readonly { readonly purpose: string }[] };
  return JSON.stringify({ ...document, keys: document.keys.filter(({ purpose }) => purpose === "audit") });
}

async function fromDatabase(
  database: Database,
  tenants: readonly string[],
  by: Pick<OperationEntry, "operator" | "reason">,
): Promise<ReadonlyMap<string, string>> {
  const read = async (session: SqlSession): Promise<ReadonlyMap<string, string>> => {
    const found = new Map<string, string>();
    await session.query("BEGIN", []);
    try {
      for (const tenant of tenants) {
        found.set(tenant, await operatorRegistry(session, tenant));
        await appendOperation(session, tenant, { ...by, action: "audit.open", entity: "" });
      }
      await session.query("COMMIT", []);
      return found;
    } catch (error) {
      await session.query("ROLLBACK", []).catch(() => undefined);
      throw error;
    }
  };
  try {
    return await database.turn(read);
  } catch (error) {
    throw databaseProblem(error) ?? error;
  }
}

function fromFile(path: string, given: string, tenants: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of readFileSync(path, "utf8")
    .split("\n")
    .filter((text) => text !== "")) {
    const tenant = tenantOf(line);
    if (tenant === null) throw new UsageError(`--registry: ${given} is no file of \`keys registry\``);
    found.set(tenant, line);
  }
  const missing = tenants.find((tenant) => !found.has(tenant));
  if (missing !== undefined)
    throw new UsageError(`--registry: ${given} does not hold the keys of ${missing}`);
  return found;
}

function tenantOf(line: string): string | null {
  try {
    const { tenant, keys } = JSON.parse(line) as { readonly tenant?: unknown; readonly keys?: unknown };
    return typeof tenant === "string" && Array.isArray(keys) ? tenant : null;
  } catch {
    return null;
  }
}
