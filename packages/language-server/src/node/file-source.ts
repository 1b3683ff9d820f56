/** Files on disk by their URIs. */
import { existsSync, readdirSync, readFileSync, statSync, type Dirent } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join } from "node:path";
import { configName } from "@wardline/compiler/project";
import type { ProjectSource, ReadText } from "../workspace/project-source.ts";
import { normalUri } from "../workspace/uri.ts";

/** No text may have as many bytes: what is far beyond every limit of the language is not even read. */
const maxBytes = 16 * 1024 * 1024;

export const fileSource: ProjectSource = {
  read,
  exists: (uri) => {
    const path = pathOf(uri);
    return path !== undefined && existsSync(path);
  },
  wardFiles: (folder) => filesBelow(folder, (name) => name.endsWith(".ward")),
  configs: (folder) => filesBelow(folder, (name) => name === configName),
};

function read(uri: string): ReadText {
  const path = pathOf(uri);
  if (path === undefined) return { problem: `there is no file ${uri}` };
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return { problem: `${path} is not a regular file` };
    if (stat.size > maxBytes) return { problem: `${path} is larger than ${maxBytes / 1024 / 1024} MiB` };
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(readFileSync(path)) };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return { problem: missing ? `there is no file ${path}` : `${path} cannot be read as UTF-8 text` };
  }
}

function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith("file:") ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * No more entries are looked at beneath a folder: a text alone in a home folder or at the root of a disk has that as its
 * folder. What is near is looked at first.
 */
const maxEntries = 50_000;

/** Files beneath a folder, in order. Hidden folders and installed packages are left out. */
export function filesBelow(
  folder: string,
  wanted: (name: string) => boolean,
  most: number = maxEntries,
): readonly string[] {
  const found: string[] = [];
  const path = pathOf(folder);
  const folders = path === undefined ? [] : [path];
  let left = most;
  // The list grows while it is gone through.
  for (const here of folders)
    for (const entry of entriesOf(here)) {
      left -= 1;
      if (left < 0) return found.toSorted();
      const full = join(here, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && !entry.name.startsWith(".")) folders.push(full);
      } else if (wanted(entry.name)) found.push(normalUri(pathToFileURL(full).href));
    }
  return found.toSorted();
}

function entriesOf(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}
