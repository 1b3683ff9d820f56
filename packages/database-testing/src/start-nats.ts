/**
 * A real NATS server with JetStream, from the system's package `nats-server`. It dies with this process. Tests that need it are
 * skipped where it is not installed, unless `WARDLINE_NATS=required`.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { keep, loose } from "./keeper.ts";

export interface NatsOptions {
  /** More of its configuration: accounts, users, permissions, TLS. */
  readonly config?: string;
}

export interface NatsServer {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** Ends it as a crash does; what it stored stays. */
  readonly crash: () => Promise<void>;
  /** Starts it again on the same port, with what it stored. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const places = ["/usr/sbin/nats-server", "/usr/local/bin/nats-server", "/usr/bin/nats-server"];

/** Why there is none, for whoever skips a test; null where there is one. Throws where one is required. */
export function natsMissing(): string | null {
  if (places.some((path) => existsSync(path))) return null;
  if (process.env["WARDLINE_NATS"] === "required")
    throw new Error("nats-server is required and not installed");
  return "nats-server is not installed";
}

export async function startNats({ config = "" }: NatsOptions = {}): Promise<NatsServer> {
  const program = places.find((path) => existsSync(path));
  if (program === undefined) throw new Error("nats-server is not installed");
  const folder = await mkdtemp(join(tmpdir(), "wardline-nats-"));
  const port = await freePort();
  const file = join(folder, "nats.conf");
  await writeFile(
    file,
    `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${join(folder, "store")}" }\n${config}\n`,
    { mode: 0o600 },
  );
  let running: { readonly server: ChildProcess; readonly keeper: ChildProcess } | null = null;
  const start = async (): Promise<void> => {
    const server = await run(program, file);
    running = { server, keeper: keep(server, folder) };
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (running === null) return;
    const { server, keeper } = running;
    running = null;
    keeper.kill("SIGKILL");
    server.ref();
    const ended = once(server, "exit");
    if (server.exitCode === null && server.signalCode === null && server.kill(signal)) await ended;
  };
  await start();
  return {
    host: "127.0.0.1",
    port,
    crash: () => end("SIGKILL"),
    restart: start,
    async stop() {
      await end("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function run(program: string, file: string): Promise<ChildProcess> {
  const server = spawn(program, ["-c", file], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const fail = () => reject(new Error(`nats-server did not start: ${said}`));
    const timer = setTimeout(() => {
      server.kill("SIGKILL");
      fail();
    }, 60_000);
    server.once("exit", fail);
    server.stderr.on("data", (part: Buffer) => {
      if (said.length > 100_000) return;
      said += part.toString("utf8");
      if (!said.includes("Server is ready")) return;
      clearTimeout(timer);
      server.off("exit", fail);
      resolve();
    });
  });
  loose(server, server.stderr);
  return server;
}
