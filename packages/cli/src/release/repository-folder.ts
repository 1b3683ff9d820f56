/**
 * A repository in a folder, as a publisher sees it. A publication writes files that nobody reads yet and then, by one rename,
 * the timestamp that names them: readers see the old state or the new one. What it wrote goes away again if it fails.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import {
  mapSource,
  openMetadata,
  openRepository,
  paths,
  type BundleError,
  type Metadata,
  type OpenRepository,
} from "@wardline/backends";
import { folderSource } from "@wardline/sdk";
import { UsageError } from "../exit-code.ts";

const lockName = ".publishing";

/** What can stand in a folder before its first publication has come to its end. */
const ours: ReadonlySet<string> = new Set([lockName, "metadata", "bundles"]);

/** The state that is there now, whether it has expired or not, followed from the publisher's own root; null where nothing is. */
export async function readState(
  folder: string,
  root: Uint8Array,
): Promise<Metadata | null | { readonly error: BundleError }> {
  if (!existsSync(join(folder, paths.timestamp))) return null;
  return openMetadata({ source: folderSource(folder), root, seen: new Map(), now: null });
}

/** What a reader would see, were these files there; `now` in seconds. */
export function readersView(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
  previous: Metadata | null,
  now: number,
): Promise<OpenRepository | { readonly error: BundleError }> {
  const source = mapSource(files, folderSource(folder));
  return openRepository({ source, root: firstRoot(files), seen: previous?.seen ?? new Map(), now });
}

function firstRoot(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const root = files.get(paths.root(1));
  if (root === undefined) throw new TypeError("there is no first root");
  return root;
}

/** Runs while no other publication of the folder does. Throws {@link UsageError} if one does, or if the folder is no repository. */
export async function whilePublishing<T>(
  folder: string,
  expected: "present" | "new or present",
  run: () => Promise<T>,
): Promise<T> {
  const isThere = existsSync(join(folder, paths.timestamp));
  if (!isThere && expected === "present")
    throw new UsageError(`there is no repository in ${folder}`, "`wardline publish` makes one");
  if (!isThere && existsSync(folder) && readdirSync(folder).some((name) => !ours.has(name)))
    throw new UsageError(`${folder} holds something else`, "choose a new folder for the repository");
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, lockName);
  try {
    closeSync(openSync(lock, "wx"));
  } catch {
    throw new UsageError(
      `${lock} is there: something else publishes, or died while it did`,
      "if nothing does, remove it and try again",
    );
  }
  try {
    return await run();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Puts files into the folder, the last of them by a rename that makes all of them count. */
export function writeState(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  const written: string[] = [];
  try {
    for (const [path, bytes] of files) {
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      const draft = `${target}.new`;
      if (!existsSync(target)) written.push(target);
      written.push(draft);
      writeDurably(draft, bytes);
      renameSync(draft, target);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    throw error instanceof UsageError
      ? error
      : new UsageError(`${folder} cannot be written: ${(error as Error).message}`, "nothing was published");
  }
}

function writeDurably(path: string, bytes: Uint8Array): void {
  rmSync(path, { force: true });
  const file = openSync(path, "wx");
  try {
    writeFileSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
