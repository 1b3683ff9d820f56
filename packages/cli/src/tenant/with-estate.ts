/** Runs something on the places that a file names, for the policies of a project. */
import { resolve } from "node:path";
import {
  ArchiveRejected,
  ConnectionLost,
  fileLedger,
  KeyFileError,
  KeyJobError,
  KeyProviderError,
  KeyRegistryError,
  PlacementError,
  RetentionRefused,
  SchemaMismatch,
  ShredRefused,
  type Database,
  type Estate,
} from "@wardline/isolation";
import { addCell, createCatalogue, openEstate, RowSecurityRefused } from "@wardline/sdk/operator";
import { pglite } from "@wardline/sdk/pglite";
import { ConnectionRefused, postgresOperator } from "@wardline/sdk/postgres";
import type { PlacesOptions } from "../command/tenant.ts";
import { readContextKeyFile } from "../database/context-key.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { openKeys } from "../keys/keys-file.ts";
import { compilePolicies } from "../project/build-project.ts";
import { readProject } from "../project/project.ts";
import { visible } from "../report/visible.ts";
import { readPlacesFile } from "./places-file.ts";

/** Opens everything, makes the catalogue where there is none, and closes all at the end. What is refused is told. */
export async function withEstate(
  io: Io,
  options: PlacesOptions,
  run: (estate: Estate) => Promise<ExitCode>,
): Promise<ExitCode> {
  const file = readPlacesFile(io, options.places);
  const named = options.keys ?? file.keys;
  const keys = named === null ? undefined : openKeys(io, named);
  const policies = compilePolicies(io, readProject(io.cwd, options.project));
  if (policies === null) return exitCode.findings;
  if (policies.size === 0) throw new UsageError("the project has no policy", "it says what the tables are");
  const opened = new Map<string, Database>();
  // One embedded database must be opened once, whoever asks for it.
  const open = (address: string, database: string | null): Database => {
    const key = JSON.stringify([address, database]);
    const known = opened.get(key) ?? openAt(io, addressOf(address), database);
    opened.set(key, known);
    return known;
  };
  try {
    const catalogue = open(file.catalogue, null);
    const estate = openEstate({
      catalogue,
      cells: Object.fromEntries(
        [...file.cells].map(([name, { at }]) => [name, (database: string | null) => open(at, database)]),
      ),
      programs: new Map([...policies].map(([tenant, { program }]) => [tenant, program])),
      operator: file.operator,
      ...(file.contextKey === null ? {} : { contextKey: readContextKeyFile(io, file.contextKey) }),
      ...(keys === undefined ? {} : { keys }),
      ...(file.ledger === null ? {} : { ledger: fileLedger(resolve(io.cwd, file.ledger)) }),
    });
    await createCatalogue(catalogue);
    for (const [name, { region }] of file.cells) await addCell(catalogue, { name, region });
    return await run(estate);
  } catch (error) {
    return refused(io, error);
  } finally {
    for (const database of opened.values()) await database.close();
  }
}

const broken = new Set([
  "archive/changed",
  "archive/unsigned",
  "archive/bad-signature",
  "placement/audit-forked",
]);

function refused(io: Io, error: unknown): ExitCode {
  if (
    error instanceof PlacementError ||
    error instanceof ArchiveRejected ||
    error instanceof KeyFileError ||
    error instanceof KeyProviderError ||
    error instanceof KeyRegistryError ||
    error instanceof ShredRefused ||
    error instanceof RetentionRefused ||
    error instanceof KeyJobError ||
    error instanceof SchemaMismatch ||
    error instanceof RowSecurityRefused
  ) {
    io.err(`error[${error.code}]: ${visible(error.message)}\n`);
    return broken.has(error.code) ? exitCode.integrity : exitCode.usage;
  }
  if (error instanceof ConnectionLost && error.cause !== undefined) return refused(io, error.cause);
  if (error instanceof ConnectionRefused) throw new UsageError(error.message);
  const { code } = (error ?? {}) as { readonly code?: unknown };
  // The words of a database may hold values of rows.
  if (typeof code === "string" && /^[0-9A-Z_]{5,}$/.test(code))
    throw new UsageError(`the database, or the way to it, refused with ${code}`);
  throw error;
}

function addressOf(given: string): string {
  const [, name] = /^env:(.+)$/.exec(given) ?? [];
  if (name === undefined) return given;
  const value = process.env[name];
  if (value === undefined || value === "") throw new UsageError(`the environment has no ${name}`);
  return value;
}

function openAt(io: Io, address: string, database: string | null): Database {
  if (!/^postgres(ql)?:/.test(address))
    return pglite(resolve(io.cwd, database === null ? address : `${address}.${database}`));
  const url = new URL(address);
  if (database !== null) url.pathname = `/${database}`;
  return postgresOperator({ connectionString: url.href });
}
