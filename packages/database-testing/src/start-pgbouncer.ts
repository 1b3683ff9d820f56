/**
 * A real PgBouncer before a server, from the system's package `pgbouncer`. It dies with this process. Tests that need it are
 * skipped where it is not installed, unless `WARDLINE_PGBOUNCER=required`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { keep, loose } from "./keeper.ts";
import { ownerOf } from "./owner.ts";
import type { PostgresServer } from "./start-postgres.ts";

export interface PgbouncerOptions {
  readonly mode: "session" | "transaction";
  /** Name → password of the roles that may log in. */
  readonly users: Readonly<Record<string, string>>;
  /** Connections to the server for each role and database. */
  readonly poolSize: number;
}

export interface Pgbouncer {
  readonly host: "127.0.0.1";
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const places = ["/usr/sbin/pgbouncer", "/usr/local/sbin/pgbouncer", "/usr/bin/pgbouncer"];

/** Why there is none, for whoever skips a test; null where there is one. Throws where one is required. */
export function pgbouncerMissing(): string | null {
  if (places.some((path) => existsSync(path))) return null;
  if (process.env["WARDLINE_PGBOUNCER"] === "required")
    throw new Error("pgbouncer is required and not installed");
  return "pgbouncer is not installed";
}

export async function startPgbouncer(server: PostgresServer, options: PgbouncerOptions): Promise<Pgbouncer> {
  const program = places.find((path) => existsSync(path));
  if (program === undefined) throw new Error("pgbouncer is not installed");
  const folder = await mkdtemp(join(tmpdir(), "wardline-pgbouncer-"));
  const owner = ownerOf();
  await chmod(folder, 0o711);
  const port = await freePort();
  const files: Readonly<Record<string, string>> = {
    users: Object.entries(options.users)
      .map(([name, password]) => `"${name}" "${password}"\n`)
      .join(""),
    "pgbouncer.ini": `[databases]
* = host=${server.host} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, "users")}
pool_mode = ${options.mode}
default_pool_size = ${options.poolSize}
max_client_conn = 300
server_login_retry = 0.05
`,
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    if (owner.uid !== undefined && owner.gid !== undefined)
      await chown(join(folder, name), owner.uid, owner.gid);
  }
  const pgbouncer = spawn(program, [join(folder, "pgbouncer.ini")], {
    ...owner,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = () => reject(new Error(`PgBouncer did not start: ${said}`));
      const timer = setTimeout(fail, 60_000);
      pgbouncer.once("exit", fail);
      pgbouncer.once("error", fail);
      pgbouncer.stderr.on("data", (part: Buffer) => {
        if (said.length > 100_000) return;
        said += part.toString("utf8");
        if (!said.includes("process up")) return;
        clearTimeout(timer);
        pgbouncer.off("exit", fail);
        resolve();
      });
    });
  } catch (error) {
    pgbouncer.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  loose(pgbouncer, pgbouncer.stderr);
  const keeper = keep(pgbouncer, folder);
  return {
    host: "127.0.0.1",
    port,
    async stop() {
      pgbouncer.ref();
      const ended = once(pgbouncer, "exit");
      // At once, whoever is connected.
      if (pgbouncer.exitCode === null && pgbouncer.signalCode === null && pgbouncer.kill("SIGTERM"))
        await ended;
      keeper.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
