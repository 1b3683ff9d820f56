/** Draws from one limit as often as it is told, all at once, and says how many it got. Arguments: client, port, draws, count. */
import { redisLimits } from "../src/redis/index.ts";
import { openRedisClient } from "./redis-client.ts";

const [kind, port, draws, count] = process.argv.slice(2) as [string, string, string, string];
const { client, close } = await openRedisClient(kind as "ioredis" | "redis", Number(port));
const store = redisLimits({ client, patience: 30_000 });
const limit = {
  tenant: "north",
  rule: "north/few",
  per: "day",
  count: Number(count),
  by: "principal",
  whom: ["north", "Member", "ada"],
} as const;
process.stdout.write("ready\n");
process.stdin.once("data", async () => {
  const drawn = await Promise.all(Array.from({ length: Number(draws) }, () => store.draw(limit, 1)));
  process.stdout.write(`${drawn.filter(({ taken }) => taken).length}\n`);
  await close();
  process.exit(0);
});
