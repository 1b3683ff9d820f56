/** What of which projects a command line's paths mean. */
import { filesOf } from "@wardline/compiler/project";
import { realpathSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { UsageError } from "../exit-code.ts";
import { folderOf, readProject, type Project } from "./project.ts";

export interface Selection {
  readonly project: Project;
  /** The tenants that the paths concern: one whose policy is among them, all if a file that they share is. */
  readonly tenants: ReadonlySet<string>;
  /** Whether the paths concern what the tenants share. */
  readonly platform: boolean;
}

type Part = Omit<Selection, "project">;

/** The projects that hold the paths, each once. Without paths it is the one that holds `cwd`. */
export function selectProjects(cwd: string, paths: readonly string[]): readonly Selection[] {
  if (paths.length === 0) {
    const project = readProject(cwd, ".");
    return [{ project, ...whole(project) }];
  }
  const projects = new Map<string, { readonly project: Project; readonly parts: Part[] }>();
  for (const path of paths) {
    const project = readProject(cwd, folderOf(cwd, path));
    const key = project.config?.path ?? project.folder;
    const entry = projects.get(key) ?? { project, parts: [] };
    entry.parts.push(partAt(cwd, project, path));
    projects.set(key, entry);
  }
  return [...projects.values()].map(({ project, parts }) => ({
    project,
    tenants: new Set(parts.flatMap((part) => [...part.tenants])),
    platform: parts.some((part) => part.platform),
  }));
}

function whole(project: Project): Part {
  return { tenants: new Set(project.tenants.keys()), platform: true };
}

function partAt(cwd: string, project: Project, path: string): Part {
  const full = realpathSync(resolve(cwd, path));
  if (isBelow(full, realpathSync(project.folder))) return whole(project);
  const meant = filesOf(project).filter((file) => isBelow(full, realpathSync(resolve(cwd, file.name))));
  if (meant.length === 0)
    throw new UsageError(
      `${path} holds no file of the project`,
      project.config === undefined
        ? "give a folder with .ward files, or one of them"
        : `its files are named in ${relative(cwd, project.config.path)}`,
    );
  const names = new Set(meant.map((file) => file.name));
  const own = [...project.tenants].filter(([, file]) => names.has(file.name));
  const policies = new Set(own.map(([, file]) => file.name));
  return meant.every((file) => policies.has(file.name))
    ? { tenants: new Set(own.map(([tenant]) => tenant)), platform: false }
    : whole(project);
}

/** True if `path` is `above` or beneath it. */
function isBelow(above: string, path: string): boolean {
  return path === above || path.startsWith(above.endsWith(sep) ? above : above + sep);
}
