/**
 * The project that the studio shows, read anew for each question. Names are relative to the project's folder, with `/`; only what stands
 * in that folder is shown, links followed.
 */
import { createHash } from "node:crypto";
import { accessSync, constants, lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { configName, filesOf } from "@wardline/compiler/project";
import { UsageError } from "../exit-code.ts";
import { findConfig } from "../project/config.ts";
import { readConfigured, readProject, type Project } from "../project/project.ts";

export interface StudioFile {
  readonly name: string;
  /** What the project calls it, with this machine's separators. */
  readonly source: string;
  /** Where it stands, links followed. */
  readonly path: string;
  readonly text: string;
  /** SHA-256 of the text in UTF-8, in hex. */
  readonly digest: string;
  /** Whose policy it is; undefined for what tenants share. */
  readonly tenant: string | undefined;
  /** Why it cannot be written, or null. */
  readonly readOnly: string | null;
}

export interface StudioProject {
  /** The folder's name. */
  readonly name: string;
  readonly project: Project;
  /** The text of the configuration, or null where there is none. */
  readonly config: string | null;
  readonly files: readonly StudioFile[];
  /** Tenants whose policy the configuration names and which is not there: it can be begun. */
  readonly lacking: readonly LackingPolicy[];
  /** The real path of the project's folder. */
  readonly root: string;
}

export interface LackingPolicy {
  readonly tenant: string;
  /** The file's name, with `/`. */
  readonly name: string;
}

/** What a change is based on and gives: the digest of a text. */
export function textDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Reads the project of `folder`, which holds its configuration or, without one, its files. Throws {@link UsageError} where it cannot be
 * read, or a file of it stands elsewhere. A tenant without its file is left out and told.
 */
export function readStudioProject(folder: string, allFiles: boolean): StudioProject {
  const root = rootOf(folder);
  const config = findConfig(folder, resolve(folder));
  const absent = [...(config?.tenants ?? [])].filter(([, file]) => isAbsent(join(folder, file)));
  const project =
    config === undefined
      ? readProject(folder, ".", folder)
      : readConfigured(folder, { ...config, tenants: without(config.tenants, absent) });
  const inside = insideOf(root);
  // By where they stand: a name of a tenant's may lead to what all share.
  const shared = new Set(
    [project.model, ...project.platform, ...project.packs].flatMap((file) =>
      file === null ? [] : [inside(file.name)],
    ),
  );
  const own = project.config === undefined ? undefined : inside(configName);
  const tenants = new Map([...project.tenants].map(([tenant, { name }]) => [name, tenant]));
  const files = filesOf(project).map((source): StudioFile => {
    const { name, text } = source;
    const path = inside(name);
    const tenant = shared.has(path) ? undefined : tenants.get(name);
    const file = { name: name.split(sep).join("/"), source: name, path, text, digest: textDigest(text) };
    if (path === own) return { ...file, tenant: undefined, readOnly: ofConfiguration };
    return { ...file, tenant, readOnly: tenant === undefined && !allFiles ? ofOperator : cannotWrite(path) };
  });
  const text = project.config?.text ?? null;
  const lacking = absent.map(([tenant, file]) => ({ tenant, name: file.split(sep).join("/") }));
  return { name: basename(folder), project, config: text, files, lacking, root };
}

/** Nothing stands there, not even a link that leads nowhere. */
function isAbsent(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOTDIR";
  }
}

function without(
  tenants: ReadonlyMap<string, string>,
  absent: readonly (readonly [string, string])[],
): ReadonlyMap<string, string> {
  const names = new Set(absent.map(([tenant]) => tenant));
  return new Map([...tenants].filter(([tenant]) => !names.has(tenant)));
}

const ofOperator =
  "Model, platform and packs bind every tenant and are not edited here. Start the studio with --all-files to edit them.";

const ofConfiguration = "The configuration says who is trusted with what, and is not edited here.";

function rootOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    throw new UsageError(
      `the project's folder ${folder} is gone`,
      "put it back, or end the studio and start it where the folder is now",
    );
  }
}

/** The real path of a name in the folder, which it may not lead out of. */
function insideOf(root: string): (name: string) => string {
  return (name) => {
    const path = realOf(root, name);
    if (isBeneath(root, path)) return path;
    throw new UsageError(
      `${name} leads out of the project's folder`,
      "the studio opens only what stands in the folder of the configuration",
    );
  };
}

/** A file may go between the moment in which it was read and this one. */
function realOf(root: string, name: string): string {
  try {
    return realpathSync(join(root, name));
  } catch {
    throw new UsageError(`there is no file ${name}`, "it went while the project was being read");
  }
}

/** Both as real paths. */
export function isBeneath(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Whether the file and its folder let themselves be written: it is replaced as a whole. */
function cannotWrite(path: string): string | null {
  for (const [place, word] of [
    [path, "The file"],
    [dirname(path), "The file's folder"],
  ] as const)
    try {
      accessSync(place, constants.W_OK);
    } catch {
      return `${word} is read-only on this machine.`;
    }
  return null;
}
