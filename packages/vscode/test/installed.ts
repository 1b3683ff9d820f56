/** The extension as it is installed: packed once for a file of tests, and unpacked into an empty folder. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, vi } from "vitest";
import { packageExtension } from "../scripts/package-extension.ts";
import { unpack } from "./unpack.ts";

export interface Installed {
  /** The names in the archive. */
  readonly names: readonly string[];
  /** The folder of the extension. */
  readonly folder: string;
  readonly read: (name: string) => string;
}

export async function install(): Promise<Installed> {
  const home = mkdtempSync(join(tmpdir(), "wardline-vsix-"));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  // The packer prints what it packs.
  const quiet = vi.spyOn(console, "log").mockImplementation(() => {});
  const files = unpack(readFileSync(await packageExtension(home)));
  quiet.mockRestore();
  for (const [name, bytes] of files) {
    const path = join(home, "installed", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  const folder = join(home, "installed/extension");
  return { names: [...files.keys()], folder, read: (name) => readFileSync(join(folder, name), "utf8") };
}
