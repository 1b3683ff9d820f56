/**
 * A repository in a folder, as a publisher sees it. A publication writes files that nobody reads yet and then, by one rename, the
 * timestamp that names them. What it wrote goes away again if it fails.
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
import { paths } from "@wardline/backends";
import { folderSource } from "./folder-source.ts";
import { partsOf } from "./repository-path.ts";
import type { RepositoryFiles, RepositoryTarget } from "./repository-target.ts";
import { SourceError } from "./source-error.ts";

const lockName = ".publishing";

/** What can stand in a folder before its first publication has come to its end. */
const ours: ReadonlySet<string> = new Set([lockName, "metadata", "bundles"]);

/** Made where it is not there, by the first publication. */
export function folderTarget(folder: string): RepositoryTarget {
  return {
    name: folder,
    source: folderSource(folder),
    async publication(expected, publish) {
      const isThere = existsSync(join(folder, paths.timestamp));
      if (!isThere && expected === "present")
        throw new SourceError(
          "source/missing",
          `there is no repository in ${folder}`,
          "`wardline publish` makes one",
        );
      if (!isThere && existsSync(folder) && readdirSync(folder).some((name) => !ours.has(name)))
        throw new SourceError(
          "source/foreign",
          `${folder} holds something else`,
          "choose a new folder for the repository",
        );
      mkdirSync(folder, { recursive: true });
      const lock = join(folder, lockName);
      try {
        closeSync(openSync(lock, "wx"));
      } catch {
        throw new SourceError(
          "source/conflict",
          `${lock} is there: something else publishes, or died while it did`,
          "if nothing does, remove it and try again",
        );
      }
      try {
        return await publish(async (files) => write(folder, files));
      } finally {
        rmSync(lock, { force: true });
      }
    },
    close: () => Promise.resolve(),
  };
}

function write(folder: string, files: RepositoryFiles): void {
  const written: string[] = [];
  try {
    for (const [path, bytes] of files) {
      const target = join(folder, ...partsOf(path));
      mkdirSync(dirname(target), { recursive: true });
      const draft = `${target}.new`;
      if (!existsSync(target)) written.push(target);
      written.push(draft);
      writeDurably(draft, bytes);
      renameSync(draft, target);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    throw error instanceof SourceError
      ? error
      : new SourceError(
          "source/unavailable",
          `${folder} cannot be written: ${(error as Error).message}`,
          "nothing was published",
        );
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
