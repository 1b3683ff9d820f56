/** Limits that are counted in this process alone, and are all open again when it has ended. */
import type { LimitStore } from "@wardline/isolation";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { limitCounters, mostPoints } from "./limit-counters.ts";

export interface MemoryLimitsOptions {
  /** How many may be counted for at a time, in each length of window; beyond that draws are denied. Default: 100,000. */
  readonly mostCounted?: number;
}

/** For one process. Several that serve the same tenants count together with `redisLimits` of `@wardline/sdk/redis`. */
export function memoryLimits({ mostCounted = 100_000 }: MemoryLimitsOptions = {}): LimitStore {
  if (!Number.isSafeInteger(mostCounted) || mostCounted < 1)
    throw new TypeError("mostCounted is a whole number from 1");
  return limitCounters((duration, keyPrefix) => new Bounded(duration, keyPrefix, mostCounted), 1_000);
}

/** All windows of one counter are equally long, so they end in the order in which they began. */
class Bounded extends RateLimiterMemory {
  readonly #most: number;
  readonly #milliseconds: number;
  #ends: number[] = [];
  #over = 0;

  constructor(duration: number, keyPrefix: string, most: number) {
    super({ points: mostPoints, duration, keyPrefix });
    this.#most = most;
    this.#milliseconds = duration * 1_000;
  }

  override async consume(key: string, amount?: number): Promise<RateLimiterRes> {
    if (this.#counted() >= this.#most && (await this.get(key)) === null)
      throw new Error(`more than ${this.#most} counters of limits would be kept`);
    const result = await super.consume(key, amount);
    if (result.isFirstInDuration) this.#ends.push(Date.now() + this.#milliseconds);
    return result;
  }

  #counted(): number {
    const now = Date.now();
    while (this.#over < this.#ends.length && (this.#ends[this.#over] as number) <= now) this.#over += 1;
    if (this.#over > 1_000 && this.#over * 2 > this.#ends.length) {
      this.#ends = this.#ends.slice(this.#over);
      this.#over = 0;
    }
    return this.#ends.length - this.#over;
  }
}
