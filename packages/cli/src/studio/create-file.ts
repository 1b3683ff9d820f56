/** Makes the file of a tenant that has none. Nothing is ever written over, and nothing stands outside of the project's folder. */
import { mkdirSync, realpathSync, rmdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { tenantLimits } from "@wardline/compiler";
import { configName, projectByHeader, sourcesOf } from "@wardline/compiler/project";
import { UsageError } from "../exit-code.ts";
import { writeNewFile } from "../files/write-new-file.ts";
import { json, refuse, type Answer, type Refusal } from "./answer.ts";
import { byteOrderMark, textWithin } from "./text-of.ts";
import { isBeneath, textDigest, type StudioProject } from "./studio-project.ts";

/** Where the policies of new tenants go, with `/` at its end or empty; null where the configuration says who the tenants are. */
export function folderOfNew({ project, files }: StudioProject): string | null {
  if (project.config !== undefined || project.model === null) return null;
  const [first] = files.filter(({ tenant }) => tenant !== undefined);
  return first === undefined ? "" : first.name.slice(0, first.name.lastIndexOf("/") + 1);
}

/** Carries it out in one turn of the process. A file that somebody else makes meanwhile stays. */
export function createFile(studio: StudioProject, name: string, bytes: Uint8Array): Answer {
  const text = textWithin(name, bytes, tenantLimits.bytes);
  if (typeof text !== "string") return text;
  if (studio.files.some((file) => file.name === name)) return refuse(412, exists(name));
  const wrong =
    studio.project.config === undefined ? notByHeader(studio, name, text) : notNamed(studio, name);
  if (wrong !== undefined) return refuse(403, wrong);
  const made: string[] = [];
  try {
    const folder = folderInside(studio.root, dirname(name), made);
    // Who reads the file takes a first mark away: a text that begins with one has two.
    const mark = text.startsWith(byteOrderMark) ? byteOrderMark : "";
    if (!writeNewFile(join(folder, basename(name)), mark + text)) return refuse(412, exists(name));
  } catch (error) {
    removeEmpty(made);
    if (!(error instanceof UsageError)) throw error;
    const { message, help = "nothing was changed" } = error;
    return refuse(500, { code: "studio/cannot-write", message, help });
  }
  const digest = textDigest(text);
  return json(201, { digest }, { etag: `"${digest}"` });
}

const exists = (name: string): Refusal => ({
  code: "studio/exists",
  message: `${name} is there already`,
  help: "nothing was written; look at what stands there",
});

function notNamed({ lacking }: StudioProject, name: string): Refusal | undefined {
  if (lacking.some((one) => one.name === name)) return undefined;
  return {
    code: "studio/not-named",
    message: `${configName} names no policy ${name}`,
    help: "whoever runs the platform adds a tenant to `tenants` there; then its policy can be begun here",
  };
}

/** A file's name that every system takes, and that the search for policies finds. */
const fileName = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)\.)[a-z0-9_][a-z0-9_-]{0,99}\.ward$/i;

/** Without a configuration the text says whose it is: it may be a new tenant's, and must change nothing of the others'. */
function notByHeader({ project, files }: StudioProject, name: string, text: string): Refusal | undefined {
  const refused = (message: string, help: string): Refusal => ({ code: "studio/name", message, help });
  const folder = dirname(name);
  if (!fileName.test(basename(name)))
    return refused(`${name} is no name for a policy`, "letters, digits, `_` and `-`, and `.ward` at its end");
  if (folder !== "." && !files.some((file) => file.name.startsWith(`${folder}/`)))
    return refused(`no file of the project stands in ${folder}`, "put it where the others are");
  const before = [...sourcesOf(project)].map(([source, is]) => ({ name: source, text: is }));
  const after = projectByHeader([...before, { name, text }], configName);
  if ("problem" in after)
    return refused(after.problem, "a policy begins with `policy` and its tenant's name");
  const [added, ...more] = [...after.tenants].filter(([tenant]) => !project.tenants.has(tenant));
  const tenant = added?.[1].name === name && more.length === 0 ? added[0] : "";
  return /^[a-z_][a-z0-9_]*$/.test(tenant)
    ? undefined
    : refused(`${name} is no policy of a new tenant`, "it begins with `policy` and a name in lower_snake");
}

/** Takes away folders that were made for a file that then was not; what holds something else by now stays. */
function removeEmpty(folders: readonly string[]): void {
  try {
    for (const folder of folders.toReversed()) rmdirSync(folder);
  } catch {
    // An empty folder is in nobody's way.
  }
}

/**
 * The folder of a name, made where it is missing; `made` is told of what was made. Throws {@link UsageError} where it leads out of the root.
 */
function folderInside(root: string, name: string, made: string[]): string {
  const out = () => new UsageError(`${name} leads out of the project's folder`, "nothing was changed");
  let folder = root;
  for (const one of name === "." ? [] : name.split("/")) {
    if (one === "" || one === "." || one === "..") throw out();
    const next = join(folder, one);
    try {
      mkdirSync(next);
      made.push(next);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST")
        throw new UsageError(`${name} cannot be made: ${(error as Error).message}`, "nothing was changed");
    }
    folder = realOf(next);
    if (!isBeneath(root, folder)) throw out();
  }
  return folder;
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    throw new UsageError(`${path} is a link that leads nowhere`, "remove it, or put back what it leads to");
  }
}
