/**
 * Counts limits in the counters of rate-limiter-flexible, one of them for each length of a window. Invariant: a counter is one limit of
 * one rule in one tenant for one principal, tenant or row; what an id holds makes no other one of it.
 */
import { createHash } from "node:crypto";
import type { CountedLimit, LimitStore } from "@wardline/isolation";
import type { RateLimiterAbstract } from "rate-limiter-flexible";

/** The counter of windows of so many seconds, for keys that begin with `prefix` and a colon. */
export type MakeCounter = (seconds: number, prefix: string) => RateLimiterAbstract;

/** More than any limit: what is too much is found here, so that a rule may change its count and keep what was counted. */
export const mostPoints = Number.MAX_SAFE_INTEGER;

const seconds = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;

export function limitCounters(make: MakeCounter, patience: number): LimitStore {
  if (!Number.isSafeInteger(patience) || patience < 1 || patience > 60_000)
    throw new TypeError("the patience of limits is a whole number of milliseconds from 1 to 60000");
  const counters = {
    second: make(seconds.second, "wardline:limit:second"),
    minute: make(seconds.minute, "wardline:limit:minute"),
    hour: make(seconds.hour, "wardline:limit:hour"),
    day: make(seconds.day, "wardline:limit:day"),
  };
  return {
    patience,
    async draw(limit, amount) {
      const { consumedPoints, msBeforeNext } = await counters[limit.per].consume(keyOf(limit), amount);
      return { taken: consumedPoints <= limit.count, retryAfter: msBeforeNext };
    },
    async left(limit) {
      const found = await counters[limit.per].get(keyOf(limit));
      if (found === null || found.msBeforeNext <= 0) return { left: limit.count, retryAfter: 0 };
      return { left: Math.max(0, limit.count - found.consumedPoints), retryAfter: found.msBeforeNext };
    },
  };
}

/** The tenant stands in it as it is, for whoever looks after the store; ids only as a digest, as they may be names of people. */
function keyOf({ tenant, rule, by, whom }: CountedLimit): string {
  const whole = JSON.stringify([tenant, rule, by, ...whom]);
  return `${tenant}:${createHash("sha256").update(whole).digest("hex")}`;
}

/** Of a key of these counters: what stands before the digest, which has no colon. */
export const tenantOf = (key: string): string => key.slice(0, key.lastIndexOf(":"));
