/** Files of policy text on disk. */
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { SourceFile } from "@wardline/core";
import { UsageError } from "../exit-code.ts";

/** No text may have as many bytes: what is far beyond every limit of the language is not even read. */
const maxBytes = 16 * 1024 * 1024;

/** Reads a file as UTF-8. Its name is relative to `cwd`. */
export function readSource(cwd: string, path: string): SourceFile {
  const name = relative(cwd, path) || path;
  let text: string;
  try {
    const stat = statSync(path);
    // A device or a pipe may never end.
    if (!stat.isFile()) throw new UsageError(`${name} is not a regular file`);
    if (stat.size > maxBytes) throw new UsageError(`${name} is larger than ${maxBytes / 1024 / 1024} MiB`);
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new UsageError(missing ? `there is no file ${name}` : `${name} cannot be read as UTF-8 text`);
  }
  return { name, text };
}

/** The names of all `.ward` files beneath a folder, in order. Hidden folders and installed packages are left out. */
export function wardFiles(folder: string): readonly string[] {
  const names: string[] = [];
  const walk = (below: string) => {
    for (const entry of entriesOf(join(folder, below))) {
      const name = join(below, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && !entry.name.startsWith(".")) walk(name);
      } else if (entry.name.endsWith(".ward") && (entry.isFile() || entry.isSymbolicLink())) names.push(name);
    }
  };
  walk("");
  return names.toSorted();
}

/** What a folder holds. One that is gone meanwhile holds nothing. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new UsageError(`the folder ${folder} cannot be read: ${(error as Error).message}`);
  }
}
