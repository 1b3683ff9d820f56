/** `wardline.config.json`: where the files of a project are, which tenant each policy belongs to, and how lints are reported. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isLintCode, lintCodes, type LintCode, type LintLevel, type LintLevels } from "@wardline/compiler";
import { UsageError } from "../exit-code.ts";

export const configName = "wardline.config.json";

const lintLevels: readonly LintLevel[] = ["off", "warning", "error"];

export interface ProjectConfig {
  /** The file itself. */
  readonly path: string;
  /** The folder of the file; paths are relative to it. */
  readonly folder: string;
  readonly model: string;
  readonly platform: readonly string[];
  readonly packs: readonly string[];
  /** Tenant → policy file. */
  readonly tenants: ReadonlyMap<string, string>;
  readonly lints: LintLevels;
  /** The keys that the file gives; the others have their defaults. */
  readonly given: ReadonlySet<string>;
}

const keys = ["model", "platform", "packs", "tenants", "lints"];

/** The nearest configuration at `from` or above, up to `highest`, or undefined. */
export function findConfig(from: string, highest?: string): ProjectConfig | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, configName);
    if (existsSync(path)) return parseConfig(path, readConfig(path));
    if (folder === highest || dirname(folder) === folder) return undefined;
  }
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
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
    if (key !== "$schema" && !keys.includes(key))
      throw new UsageError(`${path}: unknown key \`${key}\``, `known keys: ${keys.join(", ")}`);
  if (Object.hasOwn(at, "$schema") && typeof at["$schema"] !== "string")
    throw new UsageError(`${path}: \`$schema\` must be a text`);
  const tenants = new Map<string, string>();
  for (const [tenant, file] of Object.entries(record(path, "`tenants`", at["tenants"]))) {
    if (!/^[a-z_][a-z0-9_]*$/.test(tenant))
      throw new UsageError(`${path}: \`${tenant}\` is no tenant name`, "lower_snake");
    tenants.set(tenant, fileName(path, `tenants.${tenant}`, file));
  }
  return {
    path,
    folder: dirname(path),
    model: fileName(path, "model", at["model"]),
    platform: fileNames(path, "platform", at["platform"]),
    packs: Object.hasOwn(at, "packs") ? fileNames(path, "packs", at["packs"]) : [],
    tenants,
    lints: Object.hasOwn(at, "lints") ? readLints(path, at["lints"]) : {},
    given: new Set(keys.filter((key) => Object.hasOwn(at, key))),
  };
}

function readLints(path: string, value: unknown): LintLevels {
  const lints: { [Code in LintCode]?: LintLevel } = {};
  for (const [code, level] of Object.entries(record(path, "`lints`", value))) {
    if (!code.startsWith("lint/"))
      throw new UsageError(
        `${path}: \`${code}\` cannot be configured`,
        "only findings whose code begins with `lint/` can; every other one is about what a policy means",
      );
    if (!isLintCode(code))
      throw new UsageError(`${path}: there is no lint \`${code}\``, `lints: ${lintCodes.join(", ")}`);
    const known = lintLevels.find((word) => word === level);
    if (known === undefined)
      throw new UsageError(`${path}: \`lints.${code}\` must be one of ${lintLevels.join(", ")}`);
    lints[code] = known;
  }
  return lints;
}

function record(path: string, what: string, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UsageError(`${path}: ${what} must be an object`);
  return value as Record<string, unknown>;
}

function fileNames(path: string, key: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new UsageError(`${path}: \`${key}\` must be a list of file names`);
  return value.map((file: unknown, index) => fileName(path, `${key}[${index}]`, file));
}

function fileName(path: string, key: string, value: unknown): string {
  if (typeof value !== "string" || value === "" || value.includes("\0"))
    throw new UsageError(`${path}: \`${key}\` must be a file name`);
  return value;
}
