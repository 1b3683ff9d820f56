/** The repository that a command publishes into: a folder, a database or a bucket, as its address says. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import {
  mapSource,
  maxTimestampSize,
  openMetadata,
  openRepository,
  paths,
  type BundleError,
  type Metadata,
  type OpenRepository,
  type RepositorySource,
} from "@wardline/backends";
import { SourceError } from "@wardline/sdk";
import { folderTarget, type RepositoryFiles, type RepositoryTarget } from "@wardline/sdk/operator";
import { UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";

export interface Publication {
  /** Without secrets. */
  readonly name: string;
  readonly source: RepositorySource;
  /** All of the files count from then on, or none. */
  readonly write: (files: RepositoryFiles) => Promise<void>;
}

export interface RepositoryOptions {
  /** A folder, `postgres://…`, `nats://…/BUCKET`, or `env:NAME` for what an environment variable holds. */
  readonly repository: string;
  /** A file with a user's credentials of NATS. */
  readonly credentials?: string;
  /** A file with the authorities that the server's certificate is checked against. */
  readonly ca?: string;
}

/** Runs while no other publication counts. Throws {@link UsageError} where one does, or where there is no repository. */
export async function whilePublishing(
  io: Io,
  options: RepositoryOptions,
  expected: "present" | "new or present",
  run: (publication: Publication) => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    const target = await openTarget(io, options);
    try {
      const { name, source } = target;
      return await target.publication(expected, (write) => run({ name, source, write }));
    } finally {
      await target.close();
    }
  } catch (error) {
    if (error instanceof SourceError) throw new UsageError(error.reason, error.cure);
    throw error;
  }
}

async function openTarget(io: Io, options: RepositoryOptions): Promise<RepositoryTarget> {
  const { repository, ca } = options;
  const address = addressOf(repository);
  if (/^(nats|tls):/.test(address)) return openBucket(io, address, options);
  if (/^postgres(ql)?:/.test(address)) {
    const { ConnectionRefused, postgresOperator } = await import("@wardline/sdk/postgres");
    const { databaseTarget } = await import("@wardline/sdk/operator");
    try {
      const tls = ca === undefined ? {} : { tls: { ca: readText(io, "--ca", ca) } };
      return databaseTarget(postgresOperator({ connectionString: address, ...tls }), withoutSecrets(address));
    } catch (error) {
      if (error instanceof ConnectionRefused) throw new UsageError(`the repository: ${error.message}`);
      throw error;
    }
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(address))
    throw new UsageError(
      `there is no publishing to ${address.slice(0, address.indexOf(":"))}://`,
      "name a folder, which a web server can offer, postgres://… or nats://…",
    );
  return { ...folderTarget(resolve(io.cwd, address)), name: address };
}

function addressOf(given: string): string {
  const [, name] = /^env:(.+)$/.exec(given) ?? [];
  if (name === undefined) return given;
  const value = process.env[name];
  if (value === undefined || value === "")
    throw new UsageError(`the repository: the environment has no ${name}`);
  return value;
}

function withoutSecrets(address: string): string {
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`;
}

/** The bucket is the last part of the address. */
async function openBucket(
  io: Io,
  address: string,
  { ca, credentials }: RepositoryOptions,
): Promise<RepositoryTarget> {
  const [, server, bucket] = /^([^/]+:\/\/[^/?#]+)\/([A-Za-z0-9_-]{1,64})$/.exec(address) ?? [];
  if (server === undefined || bucket === undefined)
    throw new UsageError(
      "the repository: an address of NATS is nats://user:password@host:port/BUCKET",
      "a bucket's name is letters, digits, _ and -",
    );
  const { connectNats, natsTarget } = await import("@wardline/sdk/nats").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new UsageError(
      "publishing to NATS needs packages of its own",
      "install @nats-io/transport-node, @nats-io/jetstream and @nats-io/kv beside @wardline/cli",
    );
  });
  const connection = await connectNats({
    address: server,
    ...(ca === undefined ? {} : { ca: readText(io, "--ca", ca) }),
    ...(credentials === undefined
      ? {}
      : { credentials: new TextEncoder().encode(readText(io, "--credentials", credentials)) }),
  });
  return { ...natsTarget(connection, { bucket }), name: withoutSecrets(address) };
}

function readText(io: Io, option: string, file: string): string {
  const path = resolve(io.cwd, file);
  if (!existsSync(path) || !statSync(path).isFile())
    throw new UsageError(`${option}: there is no file ${file}`);
  return readFileSync(path, "utf8");
}

/** The state that is there now, whether it has expired or not, followed from the publisher's own root; null where nothing is. */
export async function readState(
  source: RepositorySource,
  root: Uint8Array,
): Promise<Metadata | null | { readonly error: BundleError }> {
  if ((await source.read(paths.timestamp, maxTimestampSize)) === "missing") return null;
  return openMetadata({ source, root, seen: new Map(), now: null });
}

/** What a reader would see, were these files there; `now` in seconds. */
export function readersView(
  source: RepositorySource,
  files: RepositoryFiles,
  previous: Metadata | null,
  now: number,
): Promise<OpenRepository | { readonly error: BundleError }> {
  const root = files.get(paths.root(1));
  if (root === undefined) throw new TypeError("there is no first root");
  return openRepository({ source: mapSource(files, source), root, seen: previous?.seen ?? new Map(), now });
}
