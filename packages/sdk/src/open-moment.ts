/** The bundles of a moment with which a process begins. */
import { BundleRejected } from "./bundle-rejected.ts";
import type { LoadedBundle, Moment } from "./moment.ts";

/** Rejects with {@link BundleRejected} where one is bad. */
export async function openAll(moment: Moment): Promise<readonly LoadedBundle[]> {
  const bundles: LoadedBundle[] = [];
  for (const tenant of moment.tenants) bundles.push(await moment.open(tenant));
  return bundles;
}

/** Of so many tenants one must have a good bundle: it shows the model. */
const mostBad = 8;

/** The first that is good. Rejects with {@link BundleRejected} where none is. */
export async function openOne(moment: Moment): Promise<LoadedBundle> {
  let refusal: unknown;
  for (const tenant of moment.tenants.slice(0, mostBad))
    try {
      return await moment.open(tenant);
    } catch (error) {
      refusal ??= error;
    }
  throw refusal;
}

export function rejectionOf(error: unknown): BundleRejected {
  if (error instanceof BundleRejected) return error;
  return new BundleRejected(
    "bundle/unreachable",
    `the bundles could not be loaded: ${(error as Error).message}`,
  );
}
