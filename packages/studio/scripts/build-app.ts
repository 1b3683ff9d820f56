/** Puts the application into `dist/app`, built once for the sources as they are: tests, packing and serving share what was built. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtApp } from "../test/browser/built-app.ts";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const app = join(dist, "app");
const built = await builtApp();
if (!existsSync(app) || filesIn(app) !== filesIn(built)) {
  mkdirSync(dist, { recursive: true });
  const fresh = mkdtempSync(`${app}-`);
  cpSync(built, fresh, { recursive: true });
  rmSync(app, { recursive: true, force: true });
  renameSync(fresh, app);
}

/** Names and sizes: scripts bear the digest of their content in their names. */
function filesIn(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  return JSON.stringify(names.map((name) => [name, statSync(join(folder, name)).size]));
}
