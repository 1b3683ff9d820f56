/** What stands in a `wardline.config.json`: the files of a project, which tenant each policy belongs to, how lints are reported. */
import { isLintCode, lintCodes, type LintCode, type LintLevel, type LintLevels } from "../lint/lint-code.ts";
import type { ProjectProblem } from "./project.ts";

export const configName = "wardline.config.json";

const lintLevels: readonly LintLevel[] = ["off", "warning", "error"];

/** File names are relative to the configuration. */
export interface ConfigFile {
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

/** Reads a configuration's text. `path` is for the words of a problem, which says what key is wrong. */
export function readConfig(path: string, text: string): ConfigFile | ProjectProblem {
  try {
    return configIn(path, text);
  } catch (error) {
    if (error instanceof Wrong) return { problem: error.message, help: error.help };
    throw error;
  }
}

/** What is wrong with a configuration. It never leaves this file. */
class Wrong extends Error {
  readonly help: string | undefined;
  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}

function configIn(path: string, text: string): ConfigFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Wrong(`${path} is not JSON: ${(error as Error).message}`);
  }
  const at = record(path, "the file", value);
  for (const key of Object.keys(at))
    if (key !== "$schema" && !keys.includes(key))
      throw new Wrong(`${path}: unknown key \`${key}\``, `known keys: ${keys.join(", ")}`);
  if (Object.hasOwn(at, "$schema") && typeof at["$schema"] !== "string")
    throw new Wrong(`${path}: \`$schema\` must be a text`);
  const tenants = new Map<string, string>();
  for (const [tenant, file] of Object.entries(record(path, "`tenants`", at["tenants"]))) {
    if (!/^[a-z_][a-z0-9_]*$/.test(tenant))
      throw new Wrong(`${path}: \`${tenant}\` is no tenant name`, "lower_snake");
    tenants.set(tenant, fileName(path, `tenants.${tenant}`, file));
  }
  return {
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
      throw new Wrong(
        `${path}: \`${code}\` cannot be configured`,
        "only findings whose code begins with `lint/` can; every other one is about what a policy means",
      );
    if (!isLintCode(code))
      throw new Wrong(`${path}: there is no lint \`${code}\``, `lints: ${lintCodes.join(", ")}`);
    const known = lintLevels.find((word) => word === level);
    if (known === undefined)
      throw new Wrong(`${path}: \`lints.${code}\` must be one of ${lintLevels.join(", ")}`);
    lints[code] = known;
  }
  return lints;
}

function record(path: string, what: string, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Wrong(`${path}: ${what} must be an object`);
  return value as Record<string, unknown>;
}

function fileNames(path: string, key: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new Wrong(`${path}: \`${key}\` must be a list of file names`);
  return value.map((file: unknown, index) => fileName(path, `${key}[${index}]`, file));
}

function fileName(path: string, key: string, value: unknown): string {
  if (typeof value !== "string" || value === "" || value.includes("\0"))
    throw new Wrong(`${path}: \`${key}\` must be a file name`);
  return value;
}
