/**
 * A real Redis that keeps nothing on disk, from the system's package `redis-server`. It dies with this process. Tests that need it are
 * skipped where it is not installed, unless `WARDLINE_REDIS=required`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { keep, loose } from "./keeper.ts";

export interface RedisServer {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** It takes connections and answers nothing, until it is resumed. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const places = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"];

/** Why there is none, for whoever skips a test; null where there is one. Throws where one is required. */
export function redisMissing(): string | null {
  if (places.some((path) => existsSync(path))) return null;
  if (process.env["WARDLINE_REDIS"] === "required")
    throw new Error("redis-server is required and not installed");
  return "redis-server is not installed";
}

export async function startRedis(): Promise<RedisServer> {
  const program = places.find((path) => existsSync(path));
  if (program === undefined) throw new Error("redis-server is not installed");
  const folder = await mkdtemp(join(tmpdir(), "wardline-redis-"));
  const port = await freePort();
  const settings = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const redis = spawn(program, ["--port", String(port), ...settings], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = () => reject(new Error(`Redis did not start: ${said}`));
      const timer = setTimeout(fail, 60_000);
      redis.once("exit", fail);
      redis.once("error", fail);
      redis.stdout.on("data", (part: Buffer) => {
        if (said.length > 100_000) return;
        said += part.toString("utf8");
        if (!said.includes("Ready to accept connections")) return;
        clearTimeout(timer);
        redis.off("exit", fail);
        resolve();
      });
    });
  } catch (error) {
    redis.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  loose(redis, redis.stdout);
  const keeper = keep(redis, folder);
  return {
    host: "127.0.0.1",
    port,
    pause: () => void redis.kill("SIGSTOP"),
    resume: () => void redis.kill("SIGCONT"),
    async stop() {
      redis.ref();
      const ended = once(redis, "exit");
      if (redis.exitCode === null && redis.signalCode === null && redis.kill("SIGKILL")) await ended;
      keeper.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
