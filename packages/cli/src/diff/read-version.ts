/** A version of a project: a folder, or what a commit held. */
import { resolve } from "node:path";
import { statSync } from "node:fs";
import { projectAt } from "../git/project-at.ts";
import { readProject, type Project } from "../project/project.ts";

/** Reads two versions. A commit's is that of the other's folder, or of `cwd` where both are commits. A name that is both is a folder. */
export function readVersions(
  cwd: string,
  before: string,
  after: string,
): { readonly before: Project; readonly after: Project } {
  const folders = [before, after].filter((name) => isFolder(cwd, name));
  const home = resolve(cwd, folders[0] ?? ".");
  const read = (name: string) => (isFolder(cwd, name) ? readProject(cwd, name) : projectAt(home, name));
  return { before: read(before), after: read(after) };
}

function isFolder(cwd: string, name: string): boolean {
  return statSync(resolve(cwd, name), { throwIfNoEntry: false })?.isDirectory() === true;
}
