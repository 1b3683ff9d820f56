/** Makes the file of a tenant that has none. Nothing is ever written over, and nothing stands outside of the project's folder. */
import { mkdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { tenantLimits } from "@wardline/compiler";
import { configName, projectByHeader, sourcesOf } from "@wardline/compiler/project";
import { UsageError } from "../exit-code.ts";
import { writeNewFile } from "../files/write-new-file.ts";
import { json, refuse, type Answer, type Refusal } from "./answer.ts";
import { textOf } from "./text-of.ts";
import { isBeneath, textDigest, type StudioProject } from "./studio-project.ts";

/** Where the policies of new tenants go, with `/` at its end or empty; null where the configuration says who the tenants are. */
export function folderOfNew({ project, files }: StudioProject): string | null {
  if (project.config !== undefined || project.model === null) return null;
  const [first] = files.filter(({ tenant }) => tenant !== undefined);
  return first === undefined ? "" : first.name.slice(0, first.name.lastIndexOf("/") + 1);
}

/** Carries it out in one turn of the process. A file that somebody else makes meanwhile stays. */
export function createFile(studio: StudioProject, name: string, bytes: Uint8Array): Answer {
  if (bytes.length > tenantLimits.bytes)
    return refuse(413, {
      code: "studio/too-large",
      message: `${name} would be larger than ${tenantLimits.bytes / 1024} KiB`,
      help: "no policy of that size compiles",
    });
  const text = textOf(bytes);
  if (text === undefined)
    return refuse(422, {
      code: "studio/not-text",
      message: "the text is not UTF-8",
      help: "send it as UTF-8",
    });
  if (studio.files.some((file) => file.name === name)) return refuse(412, exists(name));
  const wrong =
    studio.project.config === undefined ? notByHeader(studio, name, text) : notNamed(studio, name);
  if (wrong !== undefined) return refuse(403, wrong);
  try {
    const folder = folderInside(studio.root, dirname(name));
    if (!writeNewFile(join(folder, basename(name)), text)) return refuse(412, exists(name));
  } catch (error) {
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

/** Parts that every system takes as a name, and that the search for policies goes into. */
const part = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9_][a-z0-9_-]{0,99}(?:\.ward)?$/i;

/** Without a configuration the text says whose it is: it may be a new tenant's, and must change nothing of the others'. */
function notByHeader({ project, files }: StudioProject, name: string, text: string): Refusal | undefined {
  const refused = (message: string, help: string): Refusal => ({ code: "studio/name", message, help });
  const parts = name.split("/");
  if (!name.endsWith(".ward") || !parts.every((one) => part.test(one)))
    return refused(`${name} is no name for a policy`, "letters, digits, `_` and `-`, and `.ward` at its end");
  if (parts.length > 1 && !files.some((file) => file.name.startsWith(`${parts.slice(0, -1).join("/")}/`)))
    return refused(`no file of the project stands in ${dirname(name)}`, "put it where the others are");
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

/** The folder of a name, made where it is missing. Throws {@link UsageError} where it leads out of the root. */
function folderInside(root: string, name: string): string {
  const out = () => new UsageError(`${name} leads out of the project's folder`, "nothing was changed");
  let folder = root;
  for (const one of name === "." ? [] : name.split("/")) {
    if (one === "" || one === "." || one === "..") throw out();
    const next = join(folder, one);
    try {
      mkdirSync(next);
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
