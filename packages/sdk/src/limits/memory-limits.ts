/** Limits that are counted in this process alone, and are all open again when it has ended. */
import type { LimitStore } from "@wardline/isolation";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { limitCounters, mostPoints, tenantOf } from "./limit-counters.ts";

export interface MemoryLimitsOptions {
  /** How many may be counted for at a time, in each length of window; beyond that draws are denied. Default: 100,000. */
  readonly mostCounted?: number;
  /** How many of these one tenant may have; beyond that its draws are denied, and nobody else's. Default: 25,000. */
  readonly mostPerTenant?: number;
}

/** For one process. Several that serve the same tenants count together with `redisLimits` of `@wardline/sdk/redis`. */
export function memoryLimits({
  mostCounted = 100_000,
  mostPerTenant = 25_000,
}: MemoryLimitsOptions = {}): LimitStore {
  for (const [name, most] of Object.entries({ mostCounted, mostPerTenant }))
    if (!Number.isSafeInteger(most) || most < 1) throw new TypeError(`${name} is a whole number from 1`);
  const most = { ofAll: mostCounted, ofOne: mostPerTenant };
  return limitCounters((duration, keyPrefix) => new Bounded(duration, keyPrefix, most), 1_000);
}

interface Most {
  readonly ofAll: number;
  readonly ofOne: number;
}

interface Counter {
  readonly tenant: string;
  /** Milliseconds since 1970. */
  readonly ends: number;
}

/** All windows of one counter are equally long, so they end in the order in which they began. */
class Bounded extends RateLimiterMemory {
  readonly #most: Most;
  readonly #milliseconds: number;
  readonly #byTenant = new Map<string, number>();
  #counters: Counter[] = [];
  #over = 0;

  constructor(duration: number, keyPrefix: string, most: Most) {
    super({ points: mostPoints, duration, keyPrefix });
    this.#most = most;
    this.#milliseconds = duration * 1_000;
  }

  override async consume(key: string, amount?: number): Promise<RateLimiterRes> {
    const tenant = tenantOf(key);
    this.#forgetOver();
    const { ofAll, ofOne } = this.#most;
    const all = this.#counters.length - this.#over;
    const own = this.#byTenant.get(tenant) ?? 0;
    if ((all >= ofAll || own >= ofOne) && (await this.get(key)) === null)
      throw new Error(
        `more than ${all >= ofAll ? ofAll : `${ofOne} of a tenant's`} counters of limits would be kept`,
      );
    const result = await super.consume(key, amount);
    if (result.isFirstInDuration) {
      this.#counters.push({ tenant, ends: Date.now() + this.#milliseconds });
      this.#byTenant.set(tenant, (this.#byTenant.get(tenant) ?? 0) + 1);
    }
    return result;
  }

  #forgetOver(): void {
    const now = Date.now();
    for (;;) {
      const first = this.#counters[this.#over];
      if (first === undefined || first.ends > now) break;
      this.#over += 1;
      const left = (this.#byTenant.get(first.tenant) ?? 0) - 1;
      if (left > 0) this.#byTenant.set(first.tenant, left);
      else this.#byTenant.delete(first.tenant);
    }
    if (this.#over > 1_000 && this.#over * 2 > this.#counters.length) {
      this.#counters = this.#counters.slice(this.#over);
      this.#over = 0;
    }
  }
}
