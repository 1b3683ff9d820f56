/** Puts the application into `dist/app`, built once for the sources as they are: tests, packing and serving share what was built. */
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtApp } from "../test/browser/built-app.ts";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const app = join(dist, "app");
const built = await builtApp();
const index = (folder: string) => join(folder, "index.html");
if (!existsSync(index(app)) || !sameFiles()) {
  const fresh = mkdtempSync(`${app}-`);
  cpSync(built, fresh, { recursive: true });
  rmSync(app, { recursive: true, force: true });
  renameSync(fresh, app);
}

/** The page names its scripts by their content, and these name theirs. */
function sameFiles(): boolean {
  return readFileSync(index(app)).equals(readFileSync(index(built)));
}
