/** The way in for a repository: every bundle of one moment, or none. */
import { refusedOr, type BundleError } from "../bundle-error.ts";
import { openRelease, type Release } from "../trust/release.ts";
import { openRoot, type Root } from "../trust/root.ts";
import { readMetadata, type Metadata, type RepositoryOptions } from "./open-metadata.ts";
import { readReleased, seenOfBundle, type ReleasedBundle } from "./open-released.ts";
import { checkSeen, type SeenVersions } from "./seen.ts";

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
      bundles.set(tenant, await readReleased(options, metadata, tenant, known.get(tenant)));
      const [name, entry] = seenOfBundle(tenant, reference);
      checkSeen(options.seen, name, entry, "bundle/lower-revision", `the bundle of ${tenant}`);
      seen.set(name, entry);
    }
    return { metadata, bundles, seen };
  });
}

/** The documents of a repository alone. `before` are those that were opened last: what is the same is not read again. */
export function openMetadata(
  options: RepositoryOptions,
  before?: Metadata,
): Promise<Metadata | { readonly error: BundleError }> {
  return refusedOr(() => readMetadata(options, before));
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
