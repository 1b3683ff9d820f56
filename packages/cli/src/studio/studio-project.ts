/**
 * The project that the studio shows, read anew for each question. Names are relative to the project's folder, with `/`; only what stands
 * in that folder is shown, links followed.
 */
import { createHash } from "node:crypto";
import { accessSync, constants, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { configName, filesOf } from "@wardline/compiler/project";
import { UsageError } from "../exit-code.ts";
import { readProject, type Project } from "../project/project.ts";

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
}

/** What a change is based on and gives: the digest of a text. */
export function textDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Reads the project of `folder`, which holds its configuration or, without one, its files. Throws {@link UsageError} where it cannot be
 * read, or a file of it stands elsewhere.
 */
export function readStudioProject(folder: string, allFiles: boolean): StudioProject {
  const project = readProject(folder, ".", folder);
  const inside = insideOf(folder);
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
  const config = project.config === undefined ? null : readFileSync(inside(configName), "utf8");
  return { name: basename(folder), project, config, files };
}

const ofOperator =
  "Model, platform and packs bind every tenant and are not edited here. Start the studio with --all-files to edit them.";

const ofConfiguration = "The configuration says who is trusted with what, and is not edited here.";

/** The real path of a name in the folder, which it may not lead out of. */
function insideOf(folder: string): (name: string) => string {
  const root = realpathSync(folder);
  return (name) => {
    const path = realpathSync(join(folder, name));
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep))
      throw new UsageError(
        `${name} leads out of the project's folder`,
        "the studio opens only what stands in the folder of the configuration",
      );
    return path;
  };
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
