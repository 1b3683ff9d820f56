/** `wardline.config.json`: where the files of a project are and which tenant each policy belongs to. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../exit-code.ts";

export const configName = "wardline.config.json";

export interface ProjectConfig {
  /** The folder of the file; paths are relative to it. */
  readonly folder: string;
  readonly model: string;
  readonly platform: readonly string[];
  /** Tenant → policy file. */
  readonly tenants: ReadonlyMap<string, string>;
}

/** The nearest configuration at `from` or above, or undefined. */
export function findConfig(from: string): ProjectConfig | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, configName);
    if (existsSync(path)) return parseConfig(path, readFileSync(path, "utf8"));
    if (dirname(folder) === folder) return undefined;
  }
}

/** Reads a configuration text. Throws {@link UsageError} with the key that is wrong. */
export function parseConfig(path: string, text: string): ProjectConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
  const at = record(path, "the file", value);
  for (const key of Object.keys(at))
    if (!["$schema", "model", "platform", "tenants"].includes(key))
      throw new UsageError(`${path}: unknown key \`${key}\``, "known keys: model, platform, tenants");
  const platform = at["platform"];
  if (!Array.isArray(platform)) throw new UsageError(`${path}: \`platform\` must be a list of file names`);
  const tenants = new Map<string, string>();
  for (const [tenant, file] of Object.entries(record(path, "`tenants`", at["tenants"]))) {
    if (!/^[a-z_][a-z0-9_]*$/.test(tenant))
      throw new UsageError(`${path}: \`${tenant}\` is no tenant name`, "lower_snake");
    tenants.set(tenant, fileName(path, `tenants.${tenant}`, file));
  }
  return {
    folder: dirname(path),
    model: fileName(path, "model", at["model"]),
    platform: platform.map((file: unknown, index) => fileName(path, `platform[${index}]`, file)),
    tenants,
  };
}

function record(path: string, what: string, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UsageError(`${path}: ${what} must be an object`);
  return value as Record<string, unknown>;
}

function fileName(path: string, key: string, value: unknown): string {
  if (typeof value !== "string" || value === "")
    throw new UsageError(`${path}: \`${key}\` must be a file name`);
  return value;
}
