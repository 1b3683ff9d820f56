/**
 * Limits that all processes count together, in one Redis. Each draw is one script there, so that of any number at the same time no more
 * pass than are left. Invariant: nothing stands in for Redis where it is away; then what is limited is denied.
 */
import type { LimitStore } from "@wardline/isolation";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { limitCounters, mostPoints } from "../limits/limit-counters.ts";

/** A client of the package `ioredis`, or of the package `redis`; the application connects and closes it. */
export type RedisClient =
  | { readonly status: string; defineCommand(name: string, definition: { lua: string }): unknown }
  | { readonly isReady: boolean; eval(script: string, options?: object): Promise<unknown> };

export interface RedisLimitsOptions {
  readonly client: RedisClient;
  /** Milliseconds until Redis has failed. Default: 1000. */
  readonly patience?: number;
}

/** Throws TypeError for what is no such client. */
export function redisLimits({ client, patience = 1_000 }: RedisLimitsOptions): LimitStore {
  const given = client as Readonly<Record<string, unknown>> | null | undefined;
  const isIoredis = typeof given?.["defineCommand"] === "function" && typeof given["status"] === "string";
  const isRedis = typeof given?.["eval"] === "function" && typeof given["isReady"] === "boolean";
  if (!isIoredis && !isRedis) throw new TypeError("redisLimits takes a client of ioredis or of redis");
  return limitCounters(
    (duration, keyPrefix) =>
      new RateLimiterRedis({
        storeClient: client,
        // Not by the name of its class, which a bundler changes.
        useRedisPackage: !isIoredis,
        // What waits for a connection would be drawn later, for what was denied long before.
        rejectIfRedisNotReady: true,
        points: mostPoints,
        duration,
        keyPrefix,
      }),
    patience,
  );
}
