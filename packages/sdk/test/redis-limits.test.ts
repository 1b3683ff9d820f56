/** Limits that are counted in a real Redis: over two processes, with either client, and where it is away. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { redisMissing, startRedis, type RedisServer } from "@wardline/database-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CountedLimit } from "../src/index.ts";
import { redisLimits, type RedisClient } from "../src/redis/index.ts";
import { openRedisClient, type OpenClient } from "./redis-client.ts";

const missing = redisMissing();
const limit: CountedLimit = {
  tenant: "north",
  rule: "north/few",
  per: "day",
  count: 3,
  by: "principal",
  whom: ["north", "Member", "eve"],
};

test("takes a client of ioredis or of redis and nothing else", () => {
  for (const client of [undefined, null, {}, "redis://x", { eval: () => 1 }, { status: "ready" }])
    expect(() => redisLimits({ client: client as never })).toThrow(TypeError);
  const client = { isReady: true, eval: async () => 1 };
  for (const patience of [0, -1, 1.5, Number.NaN, 60_001])
    expect(() => redisLimits({ client, patience })).toThrow("patience");
});

describe.skipIf(missing !== null).each(["ioredis", "redis"] as const)(`with %s${missing ?? ""}`, (kind) => {
  let server: RedisServer;
  let opened: OpenClient;
  beforeAll(async () => {
    server = await startRedis();
    opened = await openRedisClient(kind, server.port);
  });
  afterAll(async () => {
    await opened.close();
    await server.stop();
  });

  test("of the draws of two processes at the same time exactly as many pass as the rule allows", async () => {
    const children = [drawing(kind, server.port, 40, 25), drawing(kind, server.port, 40, 25)];
    await Promise.all(children.map(({ ready }) => ready));
    for (const child of children) child.go();
    const got = await Promise.all(children.map(({ got }) => got));
    expect(got.reduce((sum, one) => sum + one, 0)).toBe(25);
  });

  test("says what is left and when the window ends; several are drawn at once or not at all", async () => {
    const store = redisLimits({ client: opened.client, patience: 30_000 });
    expect(await store.left(limit)).toEqual({ left: 3, retryAfter: 0 });
    expect(await store.draw(limit, 2)).toMatchObject({ taken: true });
    const { left, retryAfter } = await store.left(limit);
    expect(left).toBe(1);
    expect(retryAfter).toBeGreaterThan(86_000_000);
    expect(await store.draw(limit, 2)).toMatchObject({ taken: false });
    expect(await store.left(limit)).toMatchObject({ left: 0 });
    // A rule that allows more from now on keeps what was counted.
    expect(await store.left({ ...limit, count: 10 })).toMatchObject({ left: 6 });
  });

  test("no id of a principal stands in Redis, and each counter ends", async () => {
    const store = redisLimits({ client: opened.client, patience: 30_000 });
    const whom = ["north", "Member", "ada@example.org *\r\n"];
    await store.draw({ ...limit, per: "minute", whom }, 1);
    const client = opened.client as unknown as {
      keys(pattern: string): Promise<readonly string[]>;
      ttl(key: string): Promise<number>;
    };
    const keys = await client.keys("*");
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(key).toMatch(/^wardline:limit:(?:minute|day):north:[0-9a-f]{64}$/);
      expect(await client.ttl(key)).toBeGreaterThan(0);
    }
  });

  test("a Redis that says nothing or is gone fails at once, and nothing that was refused so is drawn later", async () => {
    const own = await startRedis();
    const { client, close } = await openRedisClient(kind, own.port);
    const store = redisLimits({ client, patience: 1_000 });
    try {
      expect(await store.draw({ ...limit, per: "hour" }, 1)).toMatchObject({ taken: true });
      const emitter = client as RedisClient & { once(name: string, act: () => void): void };
      const lost = new Promise<void>((resolve) => emitter.once("error", resolve));
      await own.stop();
      await lost;
      await expect(store.draw({ ...limit, per: "hour" }, 1)).rejects.toThrow();
      await expect(store.left({ ...limit, per: "hour" })).rejects.toThrow();
    } finally {
      await close();
      await own.stop();
    }
  });
});

function drawing(kind: string, port: number, draws: number, count: number) {
  const path = new URL("redis-limits-child.ts", import.meta.url).pathname;
  const args = ["--conditions=@wardline/source", path, kind, String(port), String(draws), String(count)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("the child has ended");
    return value;
  };
  const ready = line().then(() => undefined);
  return { ready, go: () => child.stdin.write("go\n"), got: ready.then(line).then(Number) };
}
