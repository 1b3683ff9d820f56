/** Where the bundles that an application decides with come from: a signed repository, or a folder on a development machine. */
import type { RepositorySource } from "@wardline/backends";
import type { VersionStore } from "@wardline/isolation";
import { folderMoment } from "./bundle-folder.ts";
import { BundleRejected } from "./bundle-rejected.ts";
import type { LoadedBundle, Moment } from "./moment.ts";
import { openAll } from "./open-moment.ts";
import { repositoryMoment } from "./repository-moment.ts";
import type { TrustPolicy } from "./trust.ts";

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

export type LoadedBundles = ReadonlyMap<string, LoadedBundle>;

/** What there is now. `before` is the moment that was read last. Throws {@link BundleRejected}. */
export async function readMoment(options: LoadOptions, before?: Moment): Promise<Moment> {
  const { bundles: place, trust } = options;
  // Invariant: what is trusted is said by one of two words, compared exactly; any other value refuses.
  const moment =
    trust === "unsigned-development" && typeof place === "string"
      ? await folderMoment(place)
      : await repositoryMoment(options, trustedBy(trust), before);
  if (moment.tenants.length === 0)
    throw new BundleRejected(
      "bundle/empty-folder",
      `${typeof place === "string" ? place : "the repository"} holds no bundle`,
    );
  return moment;
}

/** Every bundle, or none. Throws {@link BundleRejected}. */
export async function loadBundles(options: LoadOptions): Promise<LoadedBundles> {
  const moment = await readMoment(options);
  const bundles = await openAll(moment);
  await moment.record(moment.tenants);
  return new Map(bundles.map((bundle) => [bundle.tenant, bundle]));
}

function trustedBy(trust: LoadOptions["trust"]): TrustPolicy {
  if (isTrustPolicy(trust)) return trust;
  throw new BundleRejected(
    "bundle/unsigned",
    'bundles are accepted with a root that vouches for them; on a development machine say trust: "unsigned-development"',
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
