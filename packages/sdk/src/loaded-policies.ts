/** Policies that are at hand, the least recently used first, within a bound of number and bytes. Whoever uses one keeps it. */
import type { BundleMark, BundleTerms } from "@wardline/backends";
import type { Policy } from "./policy-guard.ts";

export interface HeldPolicy {
  readonly policy: Policy;
  readonly mark: BundleMark;
  readonly terms: BundleTerms | null;
  /** The first second since 1970 at which it is not in force any more; null where it does not end. */
  readonly until: number | null;
  /** What it is counted for, in bytes. */
  readonly size: number;
}

export interface PolicyBounds {
  readonly mostLoaded: number;
  readonly mostBytes: number;
}

export class LoadedPolicies {
  readonly #bounds: PolicyBounds;
  readonly #held = new Map<string, HeldPolicy>();
  #bytes = 0;

  constructor(bounds: PolicyBounds) {
    this.#bounds = bounds;
  }

  get tenants(): readonly string[] {
    return [...this.#held.keys()];
  }

  get size(): number {
    return this.#held.size;
  }

  peek(tenant: string): HeldPolicy | undefined {
    return this.#held.get(tenant);
  }

  /** The same, and it counts as used. */
  use(tenant: string): HeldPolicy | undefined {
    const found = this.#held.get(tenant);
    if (found === undefined || this.#bounds.mostLoaded === Number.POSITIVE_INFINITY) return found;
    this.#held.delete(tenant);
    this.#held.set(tenant, found);
    return found;
  }

  /** One that is in force, whichever. `now`, as all moments here, in milliseconds since 1970. */
  anyInForce(now: number): Policy | null {
    for (const { policy, until } of this.#held.values()) if (isInForce(until, now)) return policy;
    return null;
  }

  expiredCount(now: number): number {
    let count = 0;
    for (const { until } of this.#held.values()) if (!isInForce(until, now)) count += 1;
    return count;
  }

  /** When the first of those in force ends; null where none does. */
  firstEnd(now: number): number | null {
    let first: number | null = null;
    for (const { until } of this.#held.values())
      if (until !== null && isInForce(until, now) && (first === null || until * 1000 < first))
        first = until * 1000;
    return first;
  }

  /** Keeps a policy and gives those that had to go for it. The one that was just kept stays, whatever its size. */
  keep(tenant: string, policy: HeldPolicy): ReadonlyMap<string, HeldPolicy> {
    this.drop(tenant);
    this.#held.set(tenant, policy);
    this.#bytes += policy.size;
    const gone = new Map<string, HeldPolicy>();
    for (const [oldest, held] of this.#held) {
      const fits = this.#held.size <= this.#bounds.mostLoaded && this.#bytes <= this.#bounds.mostBytes;
      if (fits || oldest === tenant) break;
      this.drop(oldest);
      gone.set(oldest, held);
    }
    return gone;
  }

  drop(tenant: string): void {
    this.#bytes -= this.#held.get(tenant)?.size ?? 0;
    this.#held.delete(tenant);
  }
}

/** `until` in seconds, `now` in milliseconds since 1970. */
export function isInForce(until: number | null, now: number): boolean {
  return until === null || now < until * 1000;
}
