/**
 * What tests get for `@electric-sql/pglite`: the same, but a new database begins with a copy of the data folder that the first
 * one of the run made. Making one takes seconds of processor time. On disk each copy is a cluster of its own.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PGlite as Unseeded, type PGliteOptions } from "@electric-sql/pglite";
import { newCluster } from "./new-cluster.ts";
import { keepTemplate, templateFolder } from "./template.ts";

export * from "@electric-sql/pglite";

/** The class itself in all but `create`: tests spy on its prototype. */
export const PGlite = new Proxy(Unseeded, {
  get: (target, name, receiver): unknown =>
    name === "create" ? create : Reflect.get(target, name, receiver),
});

async function create(given?: string | PGliteOptions, more?: PGliteOptions): Promise<Unseeded> {
  const options: PGliteOptions = typeof given === "string" ? { ...more, dataDir: given } : { ...given };
  if (options.fs !== undefined || options.loadDataDir !== undefined) return Unseeded.create(options);
  if (options.dataDir !== undefined) {
    await layOut(options.dataDir);
    return Unseeded.create(options);
  }
  const seed = await emptyInMemory();
  if (seed === undefined) return Unseeded.create(options);
  return Unseeded.create({ ...options, loadDataDir: await loaded(seed) });
}

const file = "data.tar";
let held: Promise<ArrayBuffer> | undefined;

const emptyInMemory = async (): Promise<string | undefined> =>
  templateFolder("pglite") ?? (await keepTemplate("pglite", dumpEmpty));

const loaded = async (seed: string): Promise<Blob> => new Held(await (held ??= bytesOf(join(seed, file))));

async function bytesOf(path: string): Promise<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

/** Gives its bytes without a copy: who loads them copies each file. */
class Held extends Blob {
  readonly #bytes: ArrayBuffer;
  constructor(bytes: ArrayBuffer) {
    super([]);
    this.#bytes = bytes;
  }
  override arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(this.#bytes);
  }
}

async function dumpEmpty(folder: string): Promise<void> {
  const empty = await Unseeded.create();
  // All of it is cleared at each start, and tests hold little.
  await empty.exec("ALTER SYSTEM SET shared_buffers = '16MB'");
  const dump = await empty.dumpDataDir("none");
  await empty.close();
  await writeFile(join(folder, file), new Uint8Array(await dump.arrayBuffer()));
}

/** Puts a new cluster into a folder that is there and empty; any other is left to the engine. */
async function layOut(path: string): Promise<void> {
  if (!existsSync(path) || (await readdir(path)).length > 0) return;
  const seed = templateFolder("pglite-folder") ?? (await keepTemplate("pglite-folder", writeEmpty));
  if (seed === undefined) return;
  await promisify(execFile)("cp", ["-a", `${seed}/.`, path]);
  await newCluster(path);
}

async function writeEmpty(folder: string): Promise<void> {
  const seed = await emptyInMemory();
  if (seed === undefined) throw new Error("there are no templates");
  const empty = await Unseeded.create({ dataDir: folder, loadDataDir: await loaded(seed) });
  await empty.close();
}
