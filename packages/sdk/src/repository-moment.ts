/** The moment that a signed repository shows: its documents are followed from the trusted root down; bundles are opened when asked for. */
import { existsSync, statSync } from "node:fs";
import {
  bundleMark,
  checkSeenBundles,
  openMetadata,
  openReleased,
  renewReleased,
  seenOfBundle,
  type BundleError,
  type Metadata,
  type ReleasedBundle,
} from "@wardline/backends";
import type { KeptVersion } from "@wardline/isolation";
import { BundleRejected } from "./bundle-rejected.ts";
import type { LoadOptions } from "./load-bundles.ts";
import type { LoadedBundle, Moment } from "./moment.ts";
import { folderSource } from "./sources/folder-source.ts";
import { readTrustedRoot, type TrustPolicy } from "./trust.ts";

const opened = new WeakMap<Moment, Metadata>();

/** Rejects with BundleRejected. Nothing is on record yet. Documents of the moment before that are the same are not read again. */
export async function repositoryMoment(
  { bundles: place, seen, clock }: LoadOptions,
  trust: TrustPolicy,
  before?: Moment,
): Promise<Moment> {
  if (typeof place === "string") checkIsRepository(place);
  const source = typeof place === "string" ? folderSource(place) : place;
  const now = (): number => Math.floor(clock().getTime() / 1000);
  const root = await readTrustedRoot(trust);
  const kept = await seen.read().catch((error: unknown) => {
    throw new BundleRejected(
      "bundle/no-memory",
      `what was seen cannot be read (\`createSchema\` makes its table): ${(error as Error).message}`,
    );
  });
  const last = before === undefined ? undefined : opened.get(before);
  const metadata = await reached(openMetadata({ source, root, seen: kept, now: now() }, last));
  refuseError(await checkSeenBundles(kept, metadata));
  const tenants = Object.keys(metadata.snapshot.bundles);
  const model = modelOf(metadata);
  const marks = (tenant: string) => bundleMark(metadata, tenant);
  // What is on record as it is now need not be put there again.
  const unrecorded = new Set(tenants.filter((tenant) => !isKept(kept, metadata, tenant)));
  let isRecorded = false;
  const moment: Moment = {
    tenants,
    model,
    mark: marks,
    open: async (tenant) =>
      loaded(tenant, await reached(openReleased({ source, now: now() }, metadata, tenant))),
    renew: async (tenant, terms) => {
      if (terms === null) throw new BundleRejected("bundle/unsigned", `the bundle of ${tenant} is unsigned`);
      return (await reached(renewReleased(metadata, tenant, terms, now()))).until;
    },
    record: async (asked) => {
      const fresh = [...asked].filter((tenant) => unrecorded.has(tenant));
      const versions = new Map<string, KeptVersion>(isRecorded ? [] : metadata.seen);
      for (const tenant of fresh) {
        const mark = marks(tenant);
        if (mark !== undefined) versions.set(...seenOfBundle(tenant, mark));
      }
      if (versions.size > 0 && !(await seen.raise(versions)))
        throw new BundleRejected(
          "trust/lower-version",
          "someone else has seen a newer state of the repository",
        );
      isRecorded = true;
      for (const tenant of fresh) unrecorded.delete(tenant);
    },
  };
  opened.set(moment, metadata);
  return moment;
}

function isKept(kept: ReadonlyMap<string, KeptVersion>, metadata: Metadata, tenant: string): boolean {
  const mark = bundleMark(metadata, tenant);
  return mark !== undefined && kept.get(seenOfBundle(tenant, mark)[0])?.version === mark.revision;
}

function loaded(tenant: string, released: ReleasedBundle): LoadedBundle {
  const { program, manifest, claims, revision, sha256, releaseSha256, until } = released;
  if (claims === null) throw new BundleRejected("bundle/unsigned", `the bundle of ${tenant} is unsigned`);
  const { nbf, exp, wardline } = claims;
  return {
    tenant,
    revision: manifest.revision,
    digest: sha256,
    program,
    until,
    mark: { revision, sha256, releaseSha256 },
    terms: {
      nbf,
      exp,
      wardline: { revision: wardline.revision, max_staleness: wardline.max_staleness },
    },
    size: manifest.metadata.wardline.files["ir.json"].size,
  };
}

/** Tenants of one process share one database, so their policies must be for one model: releases vouch for that of every bundle. */
function modelOf({ snapshot, releases }: Metadata): string {
  const names = new Set(Object.values(snapshot.bundles).map(({ model }) => model));
  if (names.size > 1)
    throw new BundleRejected("bundle/mixed-models", "the bundles were built for different models");
  const [name = ""] = names;
  return JSON.stringify(releases.get(name)?.model ?? null);
}

/** What was opened, a refusal as what it is, and everything else as a repository that cannot be read. */
async function reached<T extends object>(opening: Promise<T | { readonly error: BundleError }>): Promise<T> {
  const result = await opening.catch((error: unknown) => {
    if (error instanceof BundleRejected) throw error;
    throw new BundleRejected(
      "bundle/unreachable",
      `the repository cannot be read: ${(error as Error).message}`,
    );
  });
  if ("error" in result) refuseError(result.error);
  return result as T;
}

function refuseError(error: BundleError | null): void {
  if (error !== null) throw new BundleRejected(error.code, error.message);
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
