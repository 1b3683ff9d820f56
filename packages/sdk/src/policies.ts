/**
 * The policies in force. A reload puts new ones in place of all, or leaves all as they are; what is in force stays so until
 * its own time is over, and then decides nothing.
 */
import { BundleRejected, type BundleRejectedCode } from "./bundle-rejected.ts";
import { loadBundles, type LoadedBundles, type LoadOptions } from "./load-bundles.ts";
import { createPolicyGuard, type Policy } from "./policy-guard.ts";

/** Something about the policies that a person should look at. */
export interface PolicyAlarm {
  /** Of a refused load, or `bundle/expired` for a tenant that is denied everything from now on. */
  readonly code: BundleRejectedCode;
  readonly message: string;
  /** The tenant whose bundle has expired; null for a load that was refused as a whole. */
  readonly tenant: string | null;
  /** When the first of the bundles in force ends; null if none does, or where it has ended already. */
  readonly inForceUntil: Date | null;
}

export type Reloaded = { readonly loaded: readonly string[] } | { readonly refused: BundleRejected };

interface InForce {
  readonly guard: Policy;
  readonly until: number | null;
}

export class Policies {
  readonly #options: LoadOptions;
  readonly #onAlarm: (alarm: PolicyAlarm) => void;
  #loaded: LoadedBundles;
  #inForce: ReadonlyMap<string, InForce>;
  #reloading: Promise<Reloaded> | null = null;
  #next: Promise<Reloaded> | null = null;
  /** Tenants whose end was reported. */
  readonly #ended = new Set<string>();

  private constructor(options: LoadOptions, onAlarm: (alarm: PolicyAlarm) => void, loaded: LoadedBundles) {
    this.#options = options;
    this.#onAlarm = onAlarm;
    this.#loaded = loaded;
    this.#inForce = guardsOf(loaded);
  }

  /** Throws {@link BundleRejected}; then there are none. */
  static async open(options: LoadOptions, onAlarm: (alarm: PolicyAlarm) => void): Promise<Policies> {
    return new Policies(options, onAlarm, await loadBundles(options));
  }

  get tenants(): readonly string[] {
    return [...this.#inForce.keys()];
  }

  has(tenant: string): boolean {
    return this.#inForce.has(tenant);
  }

  /** The policy of a tenant, whether in force or not. Throws `bundle/unknown-tenant`. */
  guardOf(tenant: string): Policy {
    const found = this.#inForce.get(tenant);
    if (found === undefined)
      throw new BundleRejected("bundle/unknown-tenant", "there is no bundle for this tenant");
    return found.guard;
  }

  isInForce(tenant: string): boolean {
    const found = this.#inForce.get(tenant);
    if (found === undefined) return false;
    if (found.until === null || this.#options.clock().getTime() < found.until * 1000) return true;
    if (!this.#ended.has(tenant)) {
      this.#ended.add(tenant);
      this.#alarm("bundle/expired", `the bundle of ${tenant} has expired: everything is denied`, tenant);
    }
    return false;
  }

  /**
   * Loads what there is now. A refusal leaves everything as it is and raises an alarm. Calls while one is under way are the next one
   * together: what is under way may have read what was there before.
   */
  reload(): Promise<Reloaded> {
    if (this.#reloading === null) {
      this.#reloading = this.#reload().finally(() => (this.#reloading = null));
      return this.#reloading;
    }
    this.#next ??= this.#reloading.then(() => {
      this.#next = null;
      return this.reload();
    });
    return this.#next;
  }

  /** Changes of the source are not told for now. */
  unwatched({ message }: Error): void {
    this.#alarm("bundle/unwatched", `changes of the repository may come late: ${message}`, null);
  }

  async #reload(): Promise<Reloaded> {
    try {
      const loaded = await loadBundles(this.#options, this.#loaded);
      checkSameTables(this.#loaded, loaded);
      this.#inForce = guardsOf(loaded, this.#loaded, this.#inForce);
      this.#loaded = loaded;
      this.#ended.clear();
      return { loaded: this.tenants };
    } catch (error) {
      const refused =
        error instanceof BundleRejected
          ? error
          : new BundleRejected(
              "bundle/unreachable",
              `the bundles could not be loaded: ${(error as Error).message}`,
            );
      this.#alarm(refused.code, refused.message, null);
      return { refused };
    }
  }

  #alarm(code: BundleRejectedCode, message: string, tenant: string | null): void {
    const now = this.#options.clock().getTime();
    const ends = [...this.#inForce.values()].flatMap(({ until }) =>
      until === null || until * 1000 <= now ? [] : [until * 1000],
    );
    const inForceUntil = ends.length === 0 || tenant !== null ? null : new Date(Math.min(...ends));
    try {
      this.#onAlarm({ code, message, tenant, inForceUntil });
    } catch {
      // Whoever is told decides nothing: a policy that must not decide does not, whatever they make of it.
    }
  }
}

/** What did not change keeps the guard that it has. */
function guardsOf(
  loaded: LoadedBundles,
  before: LoadedBundles = new Map(),
  guards: ReadonlyMap<string, InForce> = new Map(),
): ReadonlyMap<string, InForce> {
  return new Map(
    [...loaded].map(([tenant, bundle]) => {
      const last = before.get(tenant);
      const same = last?.program === bundle.program && last.revision === bundle.revision;
      const guard = same ? guards.get(tenant)?.guard : undefined;
      return [tenant, { guard: guard ?? createPolicyGuard(bundle), until: bundle.until }];
    }),
  );
}

/**
 * Handles that are in use know the model, and the tables were made for it and for what is sealed: another one of any tenant
 * needs a new start.
 */
function checkSameTables(before: LoadedBundles, after: LoadedBundles): void {
  const modelOf = (bundles: LoadedBundles): string | undefined => {
    const [first] = bundles.values();
    return first && JSON.stringify(first.program.model);
  };
  const sealedIn = (bundles: LoadedBundles): ReadonlySet<string> =>
    new Set([...bundles.values()].map(({ program }) => JSON.stringify(program.sealed)));
  const known = sealedIn(before);
  // Invariant: all bundles of one load are for one model; what they seal each says for itself.
  if (modelOf(before) !== modelOf(after) || ![...sealedIn(after)].every((sealed) => known.has(sealed)))
    throw new BundleRejected(
      "bundle/mixed-models",
      "the new bundles are for another model, or seal other fields: change the tables and start again",
    );
}
