/** Checks what would be loaded, as an application would, and says what it found. It remembers nothing: older states pass. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import {
  maxArchiveSize,
  maxFileSize,
  maxRootSize,
  openBundle,
  openRepository,
  openTrustedRelease,
  openTrustedRoot,
  timeText,
  unpackBundle,
  type BundleError,
  type OpenBundle,
  type Release,
} from "@wardline/backends";
import { folderSource } from "@wardline/sdk";
import type { VerifyOptions } from "../command/verify.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";
import { orRefusal, reportRefusal } from "./integrity.ts";
import { presentSecond } from "./times.ts";

export interface VerifiedBundle {
  readonly tenant: string;
  readonly revision: string;
  readonly model: string;
  readonly compiler: string;
  /** When it ceases to be in force; null where signatures were not checked. */
  readonly until: string | null;
}

type Verified = readonly VerifiedBundle[] | { readonly error: BundleError };

export function verify(io: Io, path: string, options: VerifyOptions): Promise<ExitCode> {
  const full = resolve(io.cwd, path);
  if (!existsSync(full)) throw new UsageError(`there is no ${path}`);
  if (!statSync(full).isDirectory() && !statSync(full).isFile())
    throw new UsageError(`${path} is no folder and no file`);
  return orRefusal(io, "it must not be used", async () => {
    const isRepository = statSync(full).isDirectory() && existsSync(join(full, "metadata"));
    const verified = isRepository
      ? await verifyRepository(io, full, options)
      : await verifyBuild(io, full, options);
    const signatures = options.root !== undefined;
    const isJson = options.format === "json";
    const print = (refused: BundleError | null, bundles: readonly VerifiedBundle[]): void =>
      io.out(`${JSON.stringify({ formatVersion: 1, signatures, refused, bundles }, null, 2)}\n`);
    if ("error" in verified) {
      if (isJson) print(verified.error, []);
      return reportRefusal(io, verified.error, "it must not be used");
    }
    if (verified.length === 0) throw new UsageError(`${path} holds no bundle`);
    if (isJson) print(null, verified);
    else
      for (const bundle of verified)
        io.out(
          `${visible(`${bundle.tenant}: revision ${bundle.revision} for ${bundle.model}, ${bundle.until === null ? "digests are right" : `signed, in force until ${bundle.until}`}`)}\n`,
        );
    if (!signatures) io.err("no signature was checked: give --root\n");
    return exitCode.fine;
  });
}

async function verifyRepository(io: Io, folder: string, { root, release }: VerifyOptions): Promise<Verified> {
  if (root === undefined)
    throw new UsageError(
      "a repository is checked from a root",
      "name the one that applications trust with --root",
    );
  if (release !== undefined)
    throw new UsageError("--release is for a build or an archive", "a repository has its own");
  const opened = await openRepository({
    source: folderSource(folder),
    root: readInput(io, "--root", root, maxRootSize),
    seen: new Map(),
    now: presentSecond(),
  });
  if ("error" in opened) return opened;
  return [...opened.bundles].map(([tenant, bundle]) => describe(tenant, bundle, bundle.until));
}

async function verifyBuild(io: Io, path: string, options: VerifyOptions): Promise<Verified> {
  const release = await trustedRelease(io, options);
  if (release !== undefined && "error" in release) return release;
  const verified: VerifiedBundle[] = [];
  for (const { tenant, files } of await bundlesAt(path)) {
    if ("error" in files) return files;
    const signedFor = release && { release, now: presentSecond() };
    const named = tenant ?? tenantOf(files);
    const opened = await openBundle(files, { tenant: named, ...(signedFor && { signedFor }) });
    if ("error" in opened)
      return { error: { ...opened.error, message: `the bundle of ${named}: ${opened.error.message}` } };
    const until = opened.claims === null ? null : Math.min(opened.claims.exp, release?.expires ?? 0);
    verified.push(describe(named, opened, until));
  }
  return verified;
}

async function trustedRelease(
  io: Io,
  options: VerifyOptions,
): Promise<Release | undefined | { readonly error: BundleError }> {
  if (options.root === undefined && options.release === undefined) return undefined;
  if (options.root === undefined || options.release === undefined)
    throw new UsageError("signatures of a build are checked with --root and --release together");
  const root = await openTrustedRoot(readInput(io, "--root", options.root, maxRootSize));
  if ("error" in root) return root;
  const bytes = readInput(io, "--release", options.release, maxFileSize);
  const [model] = Object.keys(root.releases);
  const named = /release-(.+)\.json$/.exec(basename(options.release))?.[1] ?? model ?? "";
  return openTrustedRelease(bytes, root, named, presentSecond());
}

type Files = ReadonlyMap<string, Uint8Array>;

/** The bundles of an archive, of one bundle's folder, or of a build with a folder for each tenant. */
async function bundlesAt(
  path: string,
): Promise<
  readonly { readonly tenant: string | null; readonly files: Files | { readonly error: BundleError } }[]
> {
  if (!statSync(path).isDirectory()) {
    const unpacked = await unpackBundle(readLimited(path, maxArchiveSize));
    return [{ tenant: null, files: "error" in unpacked ? unpacked : unpacked.files }];
  }
  if (existsSync(join(path, ".manifest"))) return [{ tenant: null, files: folderFiles(path) }];
  return readdirSync(path, { withFileTypes: true }).map((entry) => {
    if (!entry.isDirectory())
      throw new UsageError(`${entry.name} in ${path} is no bundle`, "a build has a folder for each tenant");
    return { tenant: entry.name, files: folderFiles(join(path, entry.name)) };
  });
}

function folderFiles(folder: string): Files | { readonly error: BundleError } {
  const files = new Map<string, Uint8Array>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile())
      return {
        error: {
          code: entry.isSymbolicLink() ? "bundle/link" : "bundle/not-a-file",
          message: `${entry.name} is no plain file`,
        },
      };
    files.set(entry.name, readLimited(join(folder, entry.name), maxFileSize));
  }
  return files;
}

/** Whose bundle the manifest says it is; opening checks the manifest. */
function tenantOf(files: Files): string {
  try {
    const manifest = JSON.parse(new TextDecoder().decode(files.get(".manifest"))) as {
      readonly metadata: { readonly wardline: { readonly tenant: unknown } };
    };
    return String(manifest.metadata.wardline.tenant);
  } catch {
    return "";
  }
}

function readInput(io: Io, option: string, name: string, maxSize: number): Uint8Array {
  const path = resolve(io.cwd, name);
  if (!existsSync(path) || !statSync(path).isFile())
    throw new UsageError(`${option}: there is no file ${name}`);
  return readLimited(path, maxSize);
}

/** A file, or one byte more than it may have: enough to be refused for its size. */
function readLimited(path: string, maxSize: number): Uint8Array {
  return statSync(path).size > maxSize ? new Uint8Array(maxSize + 1) : readFileSync(path);
}

function describe(tenant: string, { manifest }: OpenBundle, until: number | null): VerifiedBundle {
  const { model, compiler } = manifest.metadata.wardline;
  return {
    tenant,
    revision: manifest.revision,
    model: model.name,
    compiler,
    until: until === null ? null : timeText(until),
  };
}
