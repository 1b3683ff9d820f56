/** Opens the database that a command line names: a server by its address, or an embedded one by its folder. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConnectionLost, type Database } from "@wardline/isolation";
import { UsageError } from "../exit-code.ts";
import type { Io } from "../io.ts";

export interface DatabaseOptions {
  /** `postgres://…`, a folder, or `env:NAME` for what an environment variable holds. */
  readonly database: string;
  readonly schema: string;
  /** A file with the authorities that the server's certificate is checked against. */
  readonly ca?: string;
  /** Embedded: make the folder if it is not there. */
  readonly create?: boolean;
}

/** Throws {@link UsageError}; nothing is connected before the first turn. */
export async function openDatabase(io: Io, options: DatabaseOptions): Promise<Database> {
  const { schema, ca } = options;
  const address = addressOf(options.database);
  if (!/^postgres(ql)?:/.test(address)) return openFolder(io, address, options);
  const { ConnectionRefused, postgresOperator } = await import("@wardline/sdk/postgres");
  try {
    return postgresOperator({
      connectionString: address,
      schema,
      ...(ca === undefined ? {} : { tls: { ca: readAuthorities(io, ca) } }),
    });
  } catch (error) {
    if (!(error instanceof ConnectionRefused)) throw error;
    throw new UsageError(`--database: ${error.message}`);
  }
}

function addressOf(given: string): string {
  const [, name] = /^env:(.+)$/.exec(given) ?? [];
  if (name === undefined) return given;
  const value = process.env[name];
  if (value === undefined || value === "") throw new UsageError(`--database: the environment has no ${name}`);
  return value;
}

async function openFolder(io: Io, folder: string, { schema, create }: DatabaseOptions): Promise<Database> {
  const path = resolve(io.cwd, folder);
  if (create !== true && !existsSync(join(path, "PG_VERSION")))
    throw new UsageError(
      `--database: ${folder} is no address and no folder of a database`,
      "an address begins with postgres://",
    );
  const { pglite } = await import("@wardline/sdk/pglite");
  return pglite(path, { schema });
}

function readAuthorities(io: Io, file: string): string {
  const path = resolve(io.cwd, file);
  if (!existsSync(path) || !statSync(path).isFile()) throw new UsageError(`--ca: there is no file ${file}`);
  return readFileSync(path, "utf8");
}

/** What the server or the way to it refused, without what was sent. A bug is not one of those. */
export function databaseProblem(error: unknown): UsageError | null {
  if (error instanceof ConnectionLost) {
    const why = error.cause === undefined ? null : databaseProblem(error.cause);
    return why ?? new UsageError(error.message);
  }
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code !== "string" || typeof message !== "string") return null;
  const isServers = /^[0-9A-Z]{5}$/.test(code);
  const isSystems = /^(?:E[A-Z]+|CERT_[A-Z_]+|[A-Z_]*(?:CERT|SIGNATURE|ISSUER)[A-Z_]*)$/.test(code);
  if (isServers || isSystems || code.startsWith("connection/"))
    return new UsageError(`the database refused: ${message === "" ? code : `${message} (${code})`}`);
  return null;
}
