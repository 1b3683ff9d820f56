/** A connected client of either package, as an application makes one. */
import { Redis } from "ioredis";
import { createClient } from "redis";
import type { RedisClient } from "../src/redis/index.ts";

export interface OpenClient {
  readonly client: RedisClient;
  readonly close: () => Promise<void>;
}

export async function openRedisClient(kind: "ioredis" | "redis", port: number): Promise<OpenClient> {
  if (kind === "ioredis") {
    const client = new Redis({ host: "127.0.0.1", port, lazyConnect: true, retryStrategy: () => 50 });
    client.on("error", () => undefined);
    await client.connect();
    return { client: client as unknown as RedisClient, close: async () => client.disconnect() };
  }
  const client = createClient({ socket: { host: "127.0.0.1", port, reconnectStrategy: 50 } });
  client.on("error", () => undefined);
  await client.connect();
  return { client: client as unknown as RedisClient, close: async () => client.destroy() };
}
