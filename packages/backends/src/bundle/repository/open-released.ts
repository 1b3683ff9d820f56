/** One tenant's bundle, held to the documents of one moment: the snapshot names it to the byte, the release says who signs it. */
import { BundleRefusal, refuse, refusedOr, type BundleError } from "../bundle-error.ts";
import { maxArchiveSize, readArchive } from "../archive/archive.ts";
import { readBundle, type OpenBundle } from "../open-bundle.ts";
import { checkBundleTime, type BundleClaims } from "../trust/bundle-signature.ts";
import { timeText } from "../trust/signed-document.ts";
import type { BundleReference } from "../trust/snapshot.ts";
import { needExactly, type Metadata, type RepositoryOptions } from "./open-metadata.ts";
import { checkSeen, type SeenVersion, type SeenVersions } from "./seen.ts";
import { paths } from "./source.ts";

/** What tells a bundle from every other: two that agree in it are one. */
export interface BundleMark {
  readonly revision: number;
  /** The digest of its archive. */
  readonly sha256: string;
  /** The digest of the release that it was checked against. */
  readonly releaseSha256: string;
}

/** Of what was signed: the claims that say how long it is in force. */
export type BundleTerms = Pick<BundleClaims, "nbf" | "exp"> & {
  readonly wardline: Pick<BundleClaims["wardline"], "revision" | "max_staleness">;
};

export interface ReleasedBundle extends OpenBundle, BundleMark {
  /** The first second at which it is not in force any more. */
  readonly until: number;
}

export type Opening = Pick<RepositoryOptions, "source"> & { readonly now: number };

/** What a moment says of a tenant's bundle; undefined where it has none. */
export function bundleMark({ snapshot }: Metadata, tenant: string): BundleMark | undefined {
  if (!Object.hasOwn(snapshot.bundles, tenant)) return undefined;
  const { model, revision, sha256 } = snapshot.bundles[tenant] as BundleReference;
  return { revision, sha256, releaseSha256: snapshot.releases[model]?.sha256 ?? "" };
}

export function isSameBundle(a: BundleMark, b: BundleMark): boolean {
  return a.revision === b.revision && a.sha256 === b.sha256 && a.releaseSha256 === b.releaseSha256;
}

/** Reads and checks the bundle of a tenant alone. Never throws for what the files hold; rejects if the source does. */
export function openReleased(
  options: Opening,
  metadata: Metadata,
  tenant: string,
): Promise<ReleasedBundle | { readonly error: BundleError }> {
  return refusedOr(() => readReleased(options, metadata, tenant));
}

/** Until when a bundle that was opened before is in force, by the documents of now, which still name it. `now` in seconds. */
export function renewReleased(
  metadata: Metadata,
  tenant: string,
  terms: BundleTerms,
  now: number,
): Promise<{ readonly until: number } | { readonly error: BundleError }> {
  return refusedOr(() => named(tenant, () => ({ until: untilOf(metadata, tenant, terms, now) })));
}

/** Whether a moment names a lower revision of a bundle than was seen, or another content under the same one; null if not. */
export async function checkSeenBundles(
  seen: SeenVersions,
  { snapshot }: Metadata,
): Promise<BundleError | null> {
  const { error } = await refusedOr(async (): Promise<{ readonly error: BundleError | null }> => {
    for (const [tenant, reference] of Object.entries(snapshot.bundles)) {
      const [name, entry] = seenOfBundle(tenant, reference);
      checkSeen(seen, name, entry, "bundle/lower-revision", `the bundle of ${tenant}`);
    }
    return { error: null };
  });
  return error;
}

/** Under which name, and how, a bundle is kept as seen. */
export function seenOfBundle(
  tenant: string,
  { revision, sha256 }: Pick<BundleReference, "revision" | "sha256">,
): readonly [name: string, entry: SeenVersion] {
  return [`bundle:${tenant}`, { version: revision, sha256 }];
}

/** As {@link openReleased}, but a refusal is thrown. What has the mark of `before` is not read again; its time is looked at all the same. */
export async function readReleased(
  { source, now }: Opening,
  metadata: Metadata,
  tenant: string,
  before?: ReleasedBundle,
): Promise<ReleasedBundle> {
  const mark = bundleMark(metadata, tenant);
  const reference = metadata.snapshot.bundles[tenant];
  if (mark === undefined || reference === undefined)
    return refuse("trust/mixed-snapshot", `the snapshot names no bundle of ${tenant}`);
  return named(tenant, async () => {
    const release = metadata.releases.get(reference.model);
    if (release === undefined)
      return refuse("trust/mixed-snapshot", `the snapshot has no release for its model ${reference.model}`);
    const path = paths.bundle(tenant, mark.revision);
    const opened =
      before !== undefined && isSameBundle(before, mark)
        ? before
        : await readBundle(readArchive(await needExactly(source, path, reference, maxArchiveSize)), {
            tenant,
            signedFor: { release, now },
          });
    const { claims } = opened;
    if (claims === null) return refuse("bundle/unsigned", "it has no signature");
    return { ...opened, ...mark, until: untilOf(metadata, tenant, claims, now) };
  });
}

function untilOf(
  { snapshot, releases, timestamp }: Metadata,
  tenant: string,
  terms: BundleTerms,
  now: number,
): number {
  const { model, revision } = snapshot.bundles[tenant] as BundleReference;
  const release = releases.get(model);
  if (release === undefined)
    return refuse("trust/mixed-snapshot", `the snapshot has no release for its model ${model}`);
  checkBundleTime(terms, now);
  const { revision: signed, max_staleness: staleness } = terms.wardline;
  if (signed !== revision)
    refuse("trust/mixed-snapshot", `it has revision ${signed}, and the snapshot names ${revision}`);
  const fresh = staleness === null ? Number.POSITIVE_INFINITY : timestamp.not_before + staleness;
  if (!(now < fresh)) refuse("bundle/stale", `it was fresh enough until ${timeText(fresh)}`);
  return Math.min(terms.exp, release.expires, fresh);
}

/** A refusal says whose bundle it is about. */
async function named<T>(tenant: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof BundleRefusal)) throw error;
    throw new BundleRefusal(error.code, `the bundle of ${tenant}: ${error.message}`);
  }
}
