/** What of which projects a command line's paths mean. */
import { realpathSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { UsageError } from "../exit-code.ts";
import { filesOf, folderOf, readProject, type Project } from "./project.ts";

export interface Selection {
  readonly project: Project;
  /** The tenants that the paths concern: one whose policy is among them, all if a file that they share is. */
  readonly tenants: ReadonlySet<string>;
}

/** The projects that hold the paths, each once. Without paths it is the one that holds `cwd`. */
export function selectProjects(cwd: string, paths: readonly string[]): readonly Selection[] {
  if (paths.length === 0) {
    const project = readProject(cwd, ".");
    return [{ project, tenants: new Set(project.tenants.keys()) }];
  }
  const projects = new Map<string, { readonly project: Project; readonly paths: string[] }>();
  for (const path of paths) {
    const project = readProject(cwd, folderOf(cwd, path));
    const key = project.config?.path ?? project.folder;
    const entry = projects.get(key) ?? { project, paths: [] };
    entry.paths.push(path);
    projects.set(key, entry);
  }
  return [...projects.values()].map((entry) => ({
    project: entry.project,
    tenants: new Set(entry.paths.flatMap((path) => tenantsAt(cwd, entry.project, path))),
  }));
}

function tenantsAt(cwd: string, project: Project, path: string): readonly string[] {
  const full = realpathSync(resolve(cwd, path));
  const all = [...project.tenants.keys()];
  if (isBelow(full, realpathSync(project.folder))) return all;
  const isMeant = (name: string) => isBelow(full, realpathSync(resolve(cwd, name)));
  const meant = filesOf(project).filter((file) => isMeant(file.name));
  if (meant.length === 0)
    throw new UsageError(
      `${path} holds no file of the project`,
      project.config === undefined
        ? "give a folder with .ward files, or one of them"
        : `its files are named in ${relative(cwd, project.config.path)}`,
    );
  const own = all.filter((tenant) => meant.some((file) => file.name === project.tenants.get(tenant)?.name));
  return meant.every((file) => [...project.tenants.values()].some((policy) => policy.name === file.name))
    ? own
    : all;
}

/** True if `path` is `above` or beneath it. */
function isBelow(above: string, path: string): boolean {
  return path === above || path.startsWith(above.endsWith(sep) ? above : above + sep);
}
