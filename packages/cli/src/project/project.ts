/** The files of a project, read once: by configuration, or each by its own header where there is none. */
import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { SourceFile } from "@wardline/core";
import {
  configName,
  projectByConfig,
  projectByHeader,
  type Project as ProjectTexts,
} from "@wardline/compiler/project";
import { UsageError } from "../exit-code.ts";
import { findConfig, type ProjectConfig } from "./config.ts";
import { readSource, wardFiles } from "./source.ts";

/** What is said where nothing but the files themselves tells what each of them may be. */
export const byHeaderNotice = `no ${configName}: each file is taken at its header's word\n`;

export interface Project extends ProjectTexts {
  /** The folder of the configuration, or the one that was asked for. */
  readonly folder: string;
  /** Undefined if files were taken at their header's word. */
  readonly config: ProjectConfig | undefined;
}

/**
 * Reads the project that holds `path`, a folder. File names are relative to `cwd`. A configuration is looked for up to
 * `highest`, or to the root.
 */
export function readProject(cwd: string, path: string, highest?: string): Project {
  const folder = existingFolder(cwd, path);
  const config = findConfig(folder, highest);
  return config === undefined ? byHeader(cwd, folder) : readConfigured(cwd, config);
}

/** The folder of the project that holds `path`, a folder: that of the nearest configuration, or `path` itself. */
export function projectFolderOf(cwd: string, path: string): string {
  const folder = existingFolder(cwd, path);
  return findConfig(folder)?.folder ?? folder;
}

function existingFolder(cwd: string, path: string): string {
  const folder = resolve(cwd, path);
  if (isFolder(folder)) return folder;
  throw existsSync(folder)
    ? new UsageError(`${path} is a file`, "give the project's folder")
    : new UsageError(`there is no folder ${path}`);
}

/** The folder to look for a project in, where `path` is a file or a folder. */
export function folderOf(cwd: string, path: string): string {
  const full = resolve(cwd, path);
  if (!existsSync(full)) throw new UsageError(`there is no file or folder ${path}`);
  return isFolder(full) ? full : dirname(full);
}

/** Reads the files that a configuration names. File names are relative to `cwd`. */
export function readConfigured(cwd: string, config: ProjectConfig): Project {
  const read = (file: string): SourceFile => readSource(cwd, join(config.folder, file));
  return { folder: config.folder, config, ...projectByConfig(config, read) };
}

function byHeader(cwd: string, folder: string): Project {
  const files = wardFiles(folder).map((name) => readSource(cwd, join(folder, name)));
  if (files.length === 0) throw new UsageError(`no .ward file in ${relative(cwd, folder) || "."}`);
  const project = projectByHeader(files, configName);
  if ("problem" in project) throw new UsageError(project.problem, project.help);
  return { folder, config: undefined, ...project };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
