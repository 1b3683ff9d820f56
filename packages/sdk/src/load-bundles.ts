/** Loads the bundles that an application decides with: from a signed repository, or from a folder on a development machine. */
import { existsSync, statSync } from "node:fs";
import { openRepository, type ReleasedBundle, type RepositorySource } from "@wardline/backends";
import type { Program } from "@wardline/core";
import type { VersionStore } from "@wardline/isolation";
import { readBundleFolder } from "./bundle-folder.ts";
import { BundleRejected } from "./bundle-rejected.ts";
import { folderSource } from "./sources/folder-source.ts";
import { readTrustedRoot, type TrustPolicy } from "./trust.ts";

export interface LoadedBundle {
  readonly tenant: string;
  readonly revision: string;
  /** SHA-256 of its archive, or of its manifest where it is a folder, hex. */
  readonly digest: string;
  readonly program: Program;
  /** The first second since 1970 at which it is not in force any more; null for an unsigned one, which does not end. */
  readonly until: number | null;
}

/**
 * The word that takes a folder of bundles as it is, signed or not, for as long as the process runs: for a development
 * machine.
 */
export type UnsignedDevelopment = "unsigned-development";

export interface LoadOptions {
  /** The folder of bundles or of the repository, or where else the repository is. */
  readonly bundles: string | RepositorySource;
  readonly trust: UnsignedDevelopment | TrustPolicy | undefined;
  readonly seen: VersionStore;
  readonly clock: () => Date;
}

export type LoadedBundles = ReadonlyMap<string, LoadedBundle & { readonly released?: ReleasedBundle }>;

/** Every bundle, or none. `before` are those that were loaded last. Throws {@link BundleRejected}. */
export async function loadBundles(
  options: LoadOptions,
  before: LoadedBundles = new Map(),
): Promise<LoadedBundles> {
  const { bundles: place, trust } = options;
  // Invariant: what is trusted is said by one of two words, compared exactly; any other value refuses.
  const loaded =
    trust === "unsigned-development" && typeof place === "string"
      ? await readBundleFolder(place)
      : await readRepository(options, before);
  if (loaded.size === 0)
    throw new BundleRejected(
      "bundle/empty-folder",
      `${typeof place === "string" ? place : "the repository"} holds no bundle`,
    );
  checkOneModel([...loaded.values()]);
  return loaded;
}

async function readRepository(options: LoadOptions, before: LoadedBundles): Promise<LoadedBundles> {
  const { bundles: place, trust, seen, clock } = options;
  if (!isTrustPolicy(trust))
    throw new BundleRejected(
      "bundle/unsigned",
      'bundles are accepted with a root that vouches for them; on a development machine say trust: "unsigned-development"',
    );
  if (typeof place === "string") checkIsRepository(place);
  const source = typeof place === "string" ? folderSource(place) : place;
  const now = Math.floor(clock().getTime() / 1000);
  const known = new Map(
    [...before].flatMap(([tenant, { released }]) => (released === undefined ? [] : [[tenant, released]])),
  );
  const root = await readTrustedRoot(trust);
  const kept = await seen.read().catch((error: unknown) => {
    throw new BundleRejected(
      "bundle/no-memory",
      `what was seen cannot be read (\`createSchema\` makes its table): ${(error as Error).message}`,
    );
  });
  const opened = await openRepository({ source, root, seen: kept, now }, known).catch((error: unknown) => {
    if (error instanceof BundleRejected) throw error;
    throw new BundleRejected(
      "bundle/unreachable",
      `the repository cannot be read: ${(error as Error).message}`,
    );
  });
  if ("error" in opened) throw new BundleRejected(opened.error.code, opened.error.message);
  // Invariant: nothing is used before it is on record that it was seen.
  if (!(await seen.raise(opened.seen)))
    throw new BundleRejected("trust/lower-version", "someone else has seen a newer state of the repository");
  return new Map(
    [...opened.bundles].map(([tenant, released]) => {
      const { program, manifest, sha256: digest, until } = released;
      return [tenant, { tenant, revision: manifest.revision, digest, program, until, released }];
    }),
  );
}

export function isTrustPolicy(trust: LoadOptions["trust"]): trust is TrustPolicy {
  return (
    typeof trust === "object" &&
    trust !== null &&
    Object.hasOwn(trust, "root") &&
    (typeof trust.root === "string" || trust.root instanceof Uint8Array)
  );
}

/** A folder of plain bundles, where a repository was to be, is the usual mistake; it is named as what it is. */
function checkIsRepository(folder: string): void {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new BundleRejected(
      "bundle/no-folder",
      `there is no folder ${folder}; \`wardline publish\` makes one`,
    );
  if (!existsSync(`${folder}/metadata`))
    throw new BundleRejected(
      "bundle/unsigned",
      `${folder} is no repository that \`wardline publish\` wrote, and with a trusted root nothing else is accepted`,
    );
}

/** Tenants of one process share one database, so their policies must be for one model. */
function checkOneModel(bundles: readonly LoadedBundle[]): void {
  const models = new Set(bundles.map((bundle) => JSON.stringify(bundle.program.model)));
  if (models.size > 1)
    throw new BundleRejected("bundle/mixed-models", "the bundles were built for different models");
}
