/** The way in for a repository: every bundle of one moment, or none. */
import { BundleRefusal, refuse, refusedOr, type BundleError } from "../bundle-error.ts";
import { maxArchiveSize, readArchive } from "../archive/archive.ts";
import { readBundle, type OpenBundle } from "../open-bundle.ts";
import { openRelease, type Release } from "../trust/release.ts";
import { openRoot, type Root } from "../trust/root.ts";
import { checkBundleTime } from "../trust/bundle-signature.ts";
import { timeText } from "../trust/signed-document.ts";
import type { BundleReference } from "../trust/snapshot.ts";
import { needExactly, readMetadata, type Metadata, type RepositoryOptions } from "./open-metadata.ts";
import { checkSeen, type SeenVersion, type SeenVersions } from "./seen.ts";
import { paths } from "./source.ts";

export interface ReleasedBundle extends OpenBundle {
  readonly revision: number;
  /** The digest of its archive. */
  readonly sha256: string;
  /** The digest of the release that it was checked against. */
  readonly releaseSha256: string;
  /** The first second at which it is not in force any more. */
  readonly until: number;
}

export interface OpenRepository {
  readonly metadata: Metadata;
  /** By tenant. */
  readonly bundles: ReadonlyMap<string, ReleasedBundle>;
  /** What has been seen now; whoever uses the bundles keeps it first. */
  readonly seen: SeenVersions;
}

export type OpenedRepository = OpenRepository | { readonly error: BundleError };

/**
 * Opens all bundles of a repository. `known` are bundles that were opened before: what has the same digest is not
 * opened again. Never throws for what the files hold; rejects if the source does.
 */
export function openRepository(
  options: RepositoryOptions & { readonly now: number },
  known: ReadonlyMap<string, ReleasedBundle> = new Map(),
): Promise<OpenedRepository> {
  return refusedOr(async () => {
    const metadata = await readMetadata(options);
    const seen = new Map(metadata.seen);
    const bundles = new Map<string, ReleasedBundle>();
    for (const [tenant, reference] of Object.entries(metadata.snapshot.bundles)) {
      try {
        const before = known.get(tenant);
        bundles.set(tenant, await readReleased(options, metadata, tenant, reference, before));
      } catch (error) {
        if (!(error instanceof BundleRefusal)) throw error;
        throw new BundleRefusal(error.code, `the bundle of ${tenant}: ${error.message}`);
      }
      const entry: SeenVersion = { version: reference.revision, sha256: reference.sha256 };
      checkSeen(options.seen, `bundle:${tenant}`, entry, "bundle/lower-revision", `the bundle of ${tenant}`);
      seen.set(`bundle:${tenant}`, entry);
    }
    return { metadata, bundles, seen };
  });
}

/** The documents of a repository alone. */
export function openMetadata(
  options: RepositoryOptions,
): Promise<Metadata | { readonly error: BundleError }> {
  return refusedOr(() => readMetadata(options));
}

/** A root that someone trusts: signed by its own keys. Whether it is the right one only they know. */
export function openTrustedRoot(bytes: Uint8Array): Promise<Root | { readonly error: BundleError }> {
  return refusedOr(() => openRoot(bytes));
}

/** A release by itself, signed as a root says that is known to be the present one. `now` in seconds. */
export function openTrustedRelease(
  bytes: Uint8Array,
  root: Root,
  model: string,
  now: number,
): Promise<Release | { readonly error: BundleError }> {
  return refusedOr(() => openRelease(bytes, root, model, now));
}

async function readReleased(
  { source, now }: RepositoryOptions & { readonly now: number },
  { releases, snapshot, timestamp }: Metadata,
  tenant: string,
  reference: BundleReference,
  before: ReleasedBundle | undefined,
): Promise<ReleasedBundle> {
  const { model, revision, sha256 } = reference;
  const release = releases.get(model);
  if (release === undefined)
    return refuse("trust/mixed-snapshot", `the snapshot has no release for its model ${model}`);
  const releaseSha256 = snapshot.releases[model]?.sha256 ?? "";
  // What was checked already is not read again; its time is looked at all the same.
  const isSame =
    before?.sha256 === sha256 && before.revision === revision && before.releaseSha256 === releaseSha256;
  const opened = isSame
    ? before
    : await readBundle(
        readArchive(await needExactly(source, paths.bundle(tenant, revision), reference, maxArchiveSize)),
        { tenant, signedFor: { release, now } },
      );
  const { claims } = opened;
  if (claims === null) return refuse("bundle/unsigned", "it has no signature");
  checkBundleTime(claims, now);
  const { revision: signed, max_staleness: staleness } = claims.wardline;
  if (signed !== revision)
    refuse("trust/mixed-snapshot", `it has revision ${signed}, and the snapshot names ${revision}`);
  const fresh = staleness === null ? Number.POSITIVE_INFINITY : timestamp.not_before + staleness;
  if (!(now < fresh)) refuse("bundle/stale", `it was fresh enough until ${timeText(fresh)}`);
  const until = Math.min(claims.exp, release.expires, fresh);
  return { ...opened, revision, sha256, releaseSha256, until };
}
