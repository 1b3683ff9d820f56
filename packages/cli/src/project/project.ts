/** The files of a project, read once: by configuration, or each by its own header where there is none. */
import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { SourceFile } from "@wardline/core";
import { UsageError } from "../exit-code.ts";
import { configName, findConfig, type ProjectConfig } from "./config.ts";
import { readSource, wardFiles } from "./source.ts";

/** What is said where nothing but the files themselves tells what each of them may be. */
export const byHeaderNotice = `no ${configName}: each file is taken at its header's word\n`;

export interface Project {
  /** The folder of the configuration, or the one that was asked for. */
  readonly folder: string;
  /** Undefined if files were taken at their header's word. */
  readonly config: ProjectConfig | undefined;
  /** Null where there are packs alone, which need none. */
  readonly model: SourceFile | null;
  readonly platform: readonly SourceFile[];
  readonly packs: readonly SourceFile[];
  /** Tenant → policy. */
  readonly tenants: ReadonlyMap<string, SourceFile>;
}

/**
 * Reads the project that holds `path`, a folder. File names are relative to `cwd`. A configuration is looked for up to
 * `highest`, or to the root.
 */
export function readProject(cwd: string, path: string, highest?: string): Project {
  const folder = resolve(cwd, path);
  if (!isFolder(folder))
    throw existsSync(folder)
      ? new UsageError(`${path} is a file`, "give the project's folder")
      : new UsageError(`there is no folder ${path}`);
  const config = findConfig(folder, highest);
  return config === undefined ? byHeader(cwd, folder) : byConfig(cwd, config);
}

/** The folder to look for a project in, where `path` is a file or a folder. */
export function folderOf(cwd: string, path: string): string {
  const full = resolve(cwd, path);
  if (!existsSync(full)) throw new UsageError(`there is no file or folder ${path}`);
  return isFolder(full) ? full : dirname(full);
}

function byConfig(cwd: string, config: ProjectConfig): Project {
  const read = (file: string): SourceFile => readSource(cwd, join(config.folder, file));
  return {
    folder: config.folder,
    config,
    model: read(config.model),
    platform: config.platform.map(read),
    packs: config.packs.map(read),
    tenants: new Map([...config.tenants].map(([tenant, file]) => [tenant, read(file)])),
  };
}

function byHeader(cwd: string, folder: string): Project {
  const files = wardFiles(folder).map((name) => readSource(cwd, join(folder, name)));
  if (files.length === 0) throw new UsageError(`no .ward file in ${relative(cwd, folder) || "."}`);
  const named = (kind: string) => files.filter((file) => header(file)?.[0] === kind);
  const [model = null, ...more] = named("model");
  const packs = named("pack");
  if ((model === null && packs.length < files.length) || more.length > 0)
    throw new UsageError(
      `${model === null ? "no" : "more than one"} file begins with \`model\``,
      `name the files in a ${configName}`,
    );
  const tenants = new Map<string, SourceFile>();
  for (const file of named("policy")) {
    const name = header(file)?.[1] ?? "";
    if (tenants.has(name)) throw new UsageError(`two files begin with \`policy ${name}\``);
    tenants.set(name, file);
  }
  return {
    folder,
    config: undefined,
    model,
    platform: named("platform"),
    packs,
    tenants,
  };
}

/** The first words of a file, past comments; only to sort files. The compiler reads the header itself. */
function header(file: SourceFile): readonly [string, string | undefined] | undefined {
  const match = /^(?:\s|\/\/[^\n]*\n)*(model|platform|policy|pack)\b(?:\s+(\w+))?/.exec(file.text);
  return match === null ? undefined : [match[1] as string, match[2]];
}

/** All files of a project, each once. */
export function filesOf(project: Project): readonly SourceFile[] {
  const model = project.model === null ? [] : [project.model];
  const all = [...model, ...project.platform, ...project.packs, ...project.tenants.values()];
  return [...new Map(all.map((file) => [file.name, file])).values()];
}

/** All texts of a project, by file name. */
export function sourcesOf(project: Project): ReadonlyMap<string, string> {
  return new Map(filesOf(project).map((file) => [file.name, file.text]));
}

/** The project with other texts in its files. */
export function withTexts(project: Project, texts: ReadonlyMap<string, string>): Project {
  const put = (file: SourceFile): SourceFile => ({
    name: file.name,
    text: texts.get(file.name) ?? file.text,
  });
  return {
    ...project,
    model: project.model === null ? null : put(project.model),
    platform: project.platform.map(put),
    packs: project.packs.map(put),
    tenants: new Map([...project.tenants].map(([tenant, file]) => [tenant, put(file)])),
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
