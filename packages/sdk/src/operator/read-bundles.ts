/** The bundles for whoever makes tables and loads data, before there is an open Wardline. */
import { seenInMemory, type RepositorySource } from "@wardline/backends";
import { loadBundles, type UnsignedDevelopment } from "../load-bundles.ts";
import type { LoadedBundle } from "../moment.ts";
import type { TrustPolicy } from "../trust.ts";

export interface ReadOptions {
  /** As for `Wardline.open`; left out, the folder is taken as it is, as on a development machine. */
  readonly trust?: UnsignedDevelopment | TrustPolicy;
  readonly clock?: () => Date;
}

/**
 * Tenant → bundle. What is seen is remembered only where `trust.seen` says so: the table for it may not be there yet.
 * Throws `BundleRejected`.
 */
export function readBundles(
  bundles: string | RepositorySource,
  { trust = "unsigned-development", clock = () => new Date() }: ReadOptions = {},
): Promise<ReadonlyMap<string, LoadedBundle>> {
  const seen = (typeof trust === "object" ? trust.seen : undefined) ?? seenInMemory();
  return loadBundles({ bundles, trust, seen, clock });
}
