/** Files of policy text on disk. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { SourceFile } from "@wardline/core";
import { UsageError } from "../exit-code.ts";

/** Reads a file as UTF-8. Its name is relative to `cwd`. */
export function readSource(cwd: string, path: string): SourceFile {
  const name = relative(cwd, path) || path;
  try {
    return {
      name,
      text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(readFileSync(path)),
    };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new UsageError(missing ? `there is no file ${name}` : `${name} cannot be read as UTF-8 text`);
  }
}

/** The names of all `.ward` files beneath a folder, in order. Hidden folders and installed packages are left out. */
export function wardFiles(folder: string): readonly string[] {
  const names: string[] = [];
  const walk = (below: string) => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const name = join(below, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules" && !entry.name.startsWith(".")) walk(name);
      } else if (entry.name.endsWith(".ward") && (entry.isFile() || entry.isSymbolicLink())) names.push(name);
    }
  };
  walk("");
  return names.toSorted();
}
