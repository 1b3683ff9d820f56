/** The files of a project, read once: by configuration, or each by its own header where there is none. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { SourceFile } from "@wardline/core";
import { UsageError } from "../exit-code.ts";
import { configName, findConfig } from "./config.ts";

/** What is said where nothing but the files themselves tells what each of them may be. */
export const byHeaderNotice = `no ${configName}: each file is taken at its header's word\n`;

export interface Project {
  readonly model: SourceFile;
  readonly platform: readonly SourceFile[];
  /** Tenant → policy. */
  readonly tenants: ReadonlyMap<string, SourceFile>;
  /** True if files were taken at their header's word. */
  readonly byHeader: boolean;
}

/** Reads the project that holds `path`, a folder. File names are relative to `cwd`. */
export function readProject(cwd: string, path: string): Project {
  const folder = resolve(cwd, path);
  if (!isFolder(folder))
    throw existsSync(folder)
      ? new UsageError(`${path} is a file`, "give the project's folder")
      : new UsageError(`there is no folder ${path}`);
  const read = (file: string): SourceFile => readSource(cwd, file);
  const config = findConfig(folder);
  if (config === undefined) return byHeader(cwd, folder);
  return {
    model: read(join(config.folder, config.model)),
    platform: config.platform.map((file) => read(join(config.folder, file))),
    tenants: new Map([...config.tenants].map(([tenant, file]) => [tenant, read(join(config.folder, file))])),
    byHeader: false,
  };
}

function byHeader(cwd: string, folder: string): Project {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ward") && !name.split(/[/\\]/).includes("node_modules"))
    .toSorted()
    .map((name) => readSource(cwd, join(folder, name)));
  if (files.length === 0) throw new UsageError(`no .ward file in ${relative(cwd, folder) || "."}`);
  const models = files.filter((file) => header(file)?.[0] === "model");
  const model = models[0];
  if (model === undefined || models.length > 1)
    throw new UsageError(
      `${models.length === 0 ? "no" : "more than one"} file begins with \`model\``,
      `name the files in a ${configName}`,
    );
  const tenants = new Map<string, SourceFile>();
  for (const file of files) {
    const [kind, name] = header(file) ?? [];
    if (kind !== "policy" || name === undefined) continue;
    if (tenants.has(name)) throw new UsageError(`two files begin with \`policy ${name}\``);
    tenants.set(name, file);
  }
  return {
    model,
    platform: files.filter((file) => header(file)?.[0] === "platform"),
    tenants,
    byHeader: true,
  };
}

/** The first words of a file, past comments; only to sort files. The compiler reads the header itself. */
function header(file: SourceFile): readonly [string, string | undefined] | undefined {
  const match = /^(?:\s|\/\/[^\n]*\n)*(model|platform|policy|pack)\s+(\w+)?/.exec(file.text);
  return match === null ? undefined : [match[1] as string, match[2]];
}

function readSource(cwd: string, path: string): SourceFile {
  const name = relative(cwd, path) || path;
  try {
    return {
      name,
      text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(readFileSync(path)),
    };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new UsageError(missing ? `there is no file ${name}` : `${name} cannot be read as UTF-8 text`);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
