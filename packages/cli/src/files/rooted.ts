/** The names of files as a service that holds the repository knows them. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** Names files, given relative to `cwd`, as from the root of the repository, or of `cwd` outside one. With `/`; absolute if outside. */
export function rootedAt(cwd: string): (file: string) => string {
  const root = realPath(rootOf(cwd));
  return (file) => {
    const full = realPath(resolve(cwd, file));
    const name = relative(root, full);
    return isAbsolute(name) || name.split(sep)[0] === ".." ? full : name.split(sep).join("/");
  };
}

function rootOf(cwd: string): string {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}
