/** What takes long to make and is always the same, made once for a whole run of the tests and then copied. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, mkdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepFolder } from "./keeper.ts";

const variable = "WARDLINE_TEMPLATES";

/**
 * Makes the folder of this run's templates, for this process and those that it starts. It goes with this process. A run within a
 * run has that one's.
 */
export async function openTemplates(): Promise<void> {
  if (process.env[variable] !== undefined) return;
  const folder = await mkdtemp(join(tmpdir(), "wardline-templates-"));
  keepFolder(folder);
  // Servers run as others, who pass through to what is made for them. Templates are closed unless they open themselves.
  await chmod(folder, 0o711);
  process.env[variable] = folder;
  // What the processes that tests start compile: the sources themselves, stripped of their types.
  process.env["NODE_COMPILE_CACHE"] ??= join(folder, "compiled");
}

/** The folder of a template, if this run has one of that name. */
export function templateFolder(name: string): string | undefined {
  const folder = process.env[variable];
  if (folder === undefined) return undefined;
  const at = join(folder, name);
  return existsSync(at) ? at : undefined;
}

/** Keeps a template for the rest of the run. Where two make it at once, the first one stays: they are the same. */
export async function keepTemplate(
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string | undefined> {
  const folder = process.env[variable];
  if (folder === undefined) return undefined;
  const draft = join(folder, `${name}.new-${randomUUID()}`);
  await mkdir(draft, { mode: 0o700 });
  await fill(draft);
  try {
    await rename(draft, join(folder, name));
  } catch (error) {
    if (templateFolder(name) === undefined) throw error;
    await rm(draft, { recursive: true, force: true });
  }
  return join(folder, name);
}
