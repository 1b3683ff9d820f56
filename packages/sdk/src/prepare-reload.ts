/** Bundles of a new moment, opened before it is put in force: those that are the same are only looked at for their time. */
import { isSameBundle } from "@wardline/backends";
import { BundleRejected } from "./bundle-rejected.ts";
import type { HeldPolicy } from "./loaded-policies.ts";
import type { LoadedBundle, Moment } from "./moment.ts";

export interface PreparedReload {
  readonly fresh: ReadonlyMap<string, HeldPolicy>;
  /** Tenant → until when what is at hand is in force now. */
  readonly renewed: ReadonlyMap<string, number | null>;
  /** Tenants that are to be denied alone. */
  readonly refused: ReadonlyMap<string, BundleRejected>;
}

export interface ReloadOptions {
  /** Whether a refusal is its tenant's alone; else it refuses all. A source that does not answer refuses all in any case. */
  readonly alone: boolean;
  readonly held: (tenant: string) => HeldPolicy | undefined;
  /** Rejects with BundleRejected where the program needs other tables. */
  readonly compose: (bundle: LoadedBundle) => Promise<HeldPolicy>;
}

export async function prepareReload(
  next: Moment,
  tenants: readonly string[],
  { alone, held, compose }: ReloadOptions,
): Promise<PreparedReload> {
  const fresh = new Map<string, HeldPolicy>();
  const renewed = new Map<string, number | null>();
  const refused = new Map<string, BundleRejected>();
  for (const tenant of tenants)
    try {
      const mark = next.mark(tenant);
      const before = held(tenant);
      if (mark !== undefined && before !== undefined && isSameBundle(before.mark, mark)) {
        renewed.set(tenant, await next.renew(tenant, before.terms));
        continue;
      }
      fresh.set(tenant, await compose(await next.open(tenant)));
    } catch (error) {
      if (!alone || !(error instanceof BundleRejected) || error.code === "bundle/unreachable") throw error;
      refused.set(tenant, error);
    }
  return { fresh, renewed, refused };
}
