/** `wardline.config.json` on disk. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { configName, readConfig, type ConfigFile } from "@wardline/compiler/project";
import { UsageError } from "../exit-code.ts";

export interface ProjectConfig extends ConfigFile {
  /** The file itself. */
  readonly path: string;
  /** The folder of the file; paths are relative to it. */
  readonly folder: string;
  /** What stands in it, without a mark before it. */
  readonly text: string;
}

/** The nearest configuration at `from` or above, up to `highest`, or undefined. */
export function findConfig(from: string, highest?: string): ProjectConfig | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, configName);
    if (existsSync(path)) return parseConfig(path, readText(path));
    if (folder === highest || dirname(folder) === folder) return undefined;
  }
}

function readText(path: string): string {
  try {
    // A device or a pipe may never end.
    if (!statSync(path).isFile()) throw new UsageError(`${path} is not a regular file`);
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

/** Reads a configuration text. Throws {@link UsageError} with the key that is wrong. */
export function parseConfig(path: string, text: string): ProjectConfig {
  const config = readConfig(path, text);
  if ("problem" in config) throw new UsageError(config.problem, config.help);
  return { ...config, path, folder: dirname(path), text };
}
