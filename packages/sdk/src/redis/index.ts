/** What several processes do together by way of Redis. */
export { redisLimits, type RedisClient, type RedisLimitsOptions } from "./redis-limits.ts";
