/**
 * What tests get for `@electric-sql/pglite`: the same, but a database in memory begins with a copy of the data folder that
 * the first one of the run made. Making one takes seconds of processor time. Folders on disk are made as ever.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PGlite as Unseeded, type PGliteOptions } from "@electric-sql/pglite";
import { keepTemplate, templateFolder } from "./template.ts";

export * from "@electric-sql/pglite";

/** The class itself in all but `create`: tests spy on its prototype. */
export const PGlite = new Proxy(Unseeded, {
  get: (target, name, receiver): unknown =>
    name === "create" ? create : Reflect.get(target, name, receiver),
});

async function create(given?: string | PGliteOptions, more?: PGliteOptions): Promise<Unseeded> {
  const options: PGliteOptions = typeof given === "string" ? { ...more, dataDir: given } : { ...given };
  if (options.dataDir !== undefined || options.fs !== undefined || options.loadDataDir !== undefined)
    return Unseeded.create(options);
  const seed = templateFolder("pglite") ?? (await keepTemplate("pglite", dumpEmpty));
  if (seed === undefined) return Unseeded.create(options);
  return Unseeded.create({ ...options, loadDataDir: new Held(await (held ??= bytesOf(join(seed, file)))) });
}

const file = "data.tar";
let held: Promise<ArrayBuffer> | undefined;

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
