/** Makes the `.vsix`: the shell and the language server, bundled to one file each, beside the grammar and what the manifest names. */
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createVSIX } from "@vscode/vsce";
import { build } from "vite";

const home = fileURLToPath(new URL("..", import.meta.url));
const root = join(home, "../..");

/** Writes `wardline.vsix` into the folder, and returns its path. */
export async function packageExtension(folder: string): Promise<string> {
  const staged = join(folder, "extension");
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(staged, { recursive: true });
  cpSync(join(home, "extension"), staged, { recursive: true });
  for (const [from, to] of [
    ["LICENSE", "LICENSE"],
    ["grammar/wardline.tmLanguage.json", "grammar/wardline.tmLanguage.json"],
    ["docs/spec/config.schema.json", "schema/config.schema.json"],
  ] as const)
    cpSync(join(root, from), join(staged, to));
  const dist = join(staged, "dist");
  await bundle(join(home, "src/extension.ts"), dist, "extension.cjs", "cjs");
  await bundle(join(home, "src/server.ts"), dist, "server.mjs", "es");
  await bundle(join(home, "src/browser.ts"), dist, "browser.cjs", "cjs", "browser");
  await bundle(join(home, "src/worker.ts"), dist, "worker.js", "iife", "browser");
  const packagePath = join(folder, "wardline.vsix");
  await createVSIX({ cwd: staged, packagePath, dependencies: false, allowMissingRepository: true });
  return packagePath;
}

/** One file for the Node of the oldest editor that the manifest names, or for a worker of a browser. */
async function bundle(
  entry: string,
  outDir: string,
  name: string,
  format: "cjs" | "es" | "iife",
  platform: "node" | "browser" = "node",
): Promise<void> {
  await build({
    configFile: false,
    logLevel: "warn",
    root: home,
    ssr: {
      noExternal: true,
      target: platform === "node" ? "node" : "webworker",
      resolve: { conditions: ["@wardline/source", platform] },
    },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: false,
      target: platform === "node" ? "node22.15" : "es2024",
      minify: true,
      license: { fileName: `${name}.md` },
      rolldownOptions: {
        external: ["vscode"],
        output: { format, entryFileNames: name, codeSplitting: false },
      },
    },
  });
}
