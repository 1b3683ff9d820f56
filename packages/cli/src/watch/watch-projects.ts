/** Watches the files of projects, the configuration among them. */
import { configName } from "@wardline/compiler/project";
import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { reportFailure } from "../failure.ts";
import type { Io } from "../io.ts";
import { findConfig } from "../project/config.ts";
import { wardFiles } from "../project/source.ts";
import { watch, type Snapshot } from "./watch.ts";

/** Runs, and runs again whenever a file of a project changes, comes or goes. What goes wrong is told, and the next change is waited for. */
export async function watchProjects(
  io: Io,
  paths: readonly string[],
  run: () => Promise<unknown>,
): Promise<void> {
  const snapshot = () => snapshotOf(io.cwd, paths.length === 0 ? ["."] : paths);
  await watch(io, snapshot, async () => {
    try {
      await run();
    } catch (error) {
      reportFailure(io, error);
    }
    io.err("watching; Ctrl-C ends\n");
  });
}

function snapshotOf(cwd: string, paths: readonly string[]): Snapshot {
  const files = new Set<string>();
  for (const path of paths) {
    const full = resolve(cwd, path);
    files.add(full);
    // What is not there is waited for, and nothing else is looked at.
    if (!existsSync(full)) continue;
    for (const file of projectFiles(isFolder(full) ? full : dirname(full))) files.add(file);
  }
  return new Map([...files].map((file) => [relative(cwd, file) || ".", stateOf(file)]));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function projectFiles(folder: string): readonly string[] {
  const config = configAbove(folder);
  const files: string[] = [join(folder, configName), ...(config === undefined ? [] : [config])];
  const home = config === undefined ? folder : dirname(config);
  try {
    for (const name of wardFiles(home)) files.push(join(home, name));
    const named = findConfig(folder);
    if (named !== undefined)
      for (const name of [named.model, ...named.platform, ...named.packs, ...named.tenants.values()])
        files.push(join(home, name));
  } catch {
    // A folder that cannot be read, or a configuration that is broken: the run itself says so.
  }
  return files;
}

function configAbove(folder: string): string | undefined {
  const path = join(folder, configName);
  if (existsSync(path)) return path;
  return dirname(folder) === folder ? undefined : configAbove(dirname(folder));
}

/** What changes whenever a file does. A folder only comes or goes. */
function stateOf(path: string): string {
  try {
    const stat = statSync(path);
    return stat.isDirectory() ? "folder" : `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
  } catch {
    return "";
  }
}
