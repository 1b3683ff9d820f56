import { readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Nobody writes a file for as long, in milliseconds. */
const longestWrite = 60 * 60 * 1000;

/**
 * Removes what runs that were killed while they wrote this file have left beside it: the file itself has its old text then. Never throws:
 * what cannot be removed is in nobody's way.
 */
export function removeLeft(path: string): void {
  const begin = `.${basename(path)}-`;
  try {
    for (const entry of readdirSync(dirname(path), { withFileTypes: true })) {
      if (!entry.isDirectory() || !entry.name.startsWith(begin)) continue;
      const folder = join(dirname(path), entry.name);
      // Six signs of the system's choice, and in it the one file that a write makes.
      if (entry.name.length !== begin.length + 6 || !isLeft(folder)) continue;
      rmSync(join(folder, "new"), { force: true });
      rmdirSync(folder);
    }
  } catch {
    // Whoever cannot look cannot write either, and is told so then.
  }
}

function isLeft(folder: string): boolean {
  return (
    Date.now() - statSync(folder).mtimeMs > longestWrite &&
    readdirSync(folder, { withFileTypes: true }).every((entry) => entry.name === "new" && entry.isFile())
  );
}
