/** Writes a text of the studio to its file: on the text that it was made from or not at all. */
import { readFileSync } from "node:fs";
import { platformLimits, tenantLimits } from "@wardline/compiler";
import { configName, projectByHeader, sourcesOf } from "@wardline/compiler/project";
import { UsageError } from "../exit-code.ts";
import { writeFileAtomically } from "../files/write-file.ts";
import { json, refuse, type Answer } from "./answer.ts";
import { byteOrderMark, textWithin } from "./text-of.ts";
import { textDigest, type StudioFile, type StudioProject } from "./studio-project.ts";

export interface Change {
  readonly bytes: Uint8Array;
  /** The digest of the text that it was made from. */
  readonly base: string;
}

/** No text of a project may have as many bytes. */
export const maxTextBytes: number = platformLimits.bytes;

/**
 * Carries a change out. Everything happens in one turn of the process, so that of two changes of one text the second is told of the first.
 * Null where another program changed the file in that very moment: nothing was written, and the project is to be read anew.
 */
export function saveFile(studio: StudioProject, name: string, { bytes, base }: Change): Answer | null {
  const file = studio.files.find((one) => one.name === name);
  if (file === undefined)
    return studio.lacking.some((one) => one.name === name)
      ? refuse(412, {
          code: "studio/removed",
          message: `${name} was removed by someone else meanwhile`,
          help: "make it again, or let it go",
        })
      : refuse(404, noSuchFile);
  if (file.readOnly !== null)
    return refuse(403, { code: "studio/read-only", message: `${name} is not written`, help: file.readOnly });
  const limit = (file.tenant === undefined ? platformLimits : tenantLimits).bytes;
  const text = textWithin(name, bytes, limit);
  if (typeof text !== "string") return text;
  if (file.digest !== base)
    return json(412, {
      code: "studio/changed",
      message: `${name} was changed by someone else meanwhile`,
      help: "compare both texts, then save again",
      text: file.text,
      digest: file.digest,
    });
  if (changesPlace(studio, file, text))
    return refuse(422, {
      code: "studio/first-line",
      message: `the first line of ${name} says whose file it is, and must stay`,
      help: `without a ${configName} a file is taken at its first line's word`,
    });
  try {
    const stands = stored(file.path);
    if (stands?.text !== file.text) return null;
    const mark = text.startsWith(byteOrderMark) ? byteOrderMark : stands.mark;
    // What the disk takes long to write, another program may overtake.
    const isThere = () => stored(file.path)?.text === file.text;
    if (text !== file.text && !writeFileAtomically(file.path, mark + text, isThere)) return null;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { message, help = "nothing was changed" } = error;
    return refuse(500, { code: "studio/cannot-write", message, help });
  }
  const digest = textDigest(text);
  return json(200, { digest }, { etag: `"${digest}"` });
}

export const noSuchFile = {
  code: "studio/no-such-file",
  message: "the project has no such file",
  help: "the configuration names the files of a project",
} as const;

/** Where no configuration says who is trusted with what, a text could make another's file of its own. */
function changesPlace({ project }: StudioProject, file: StudioFile, text: string): boolean {
  if (project.config !== undefined) return false;
  const sources = [...sourcesOf(project)].map(([name, before]) => ({
    name,
    text: name === file.source ? text : before,
  }));
  const after = projectByHeader(sources, configName);
  if ("problem" in after) return true;
  const placeIn = (of: typeof after): string =>
    JSON.stringify([
      of.model?.name,
      of.platform.map(({ name }) => name),
      of.packs.map(({ name }) => name),
      [...of.tenants].map(([tenant, { name }]) => [tenant, name]),
    ]);
  return placeIn(after) !== placeIn(project);
}

/**
 * What stands in a file, and the mark before it, which stays. A text that begins with a mark needs another before it: who reads the file
 * takes the first away, and has the text that was saved. Undefined where the file is gone or is no text.
 */
function stored(path: string): { readonly mark: string; readonly text: string } | undefined {
  try {
    const whole = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    const mark = whole.startsWith(byteOrderMark) ? byteOrderMark : "";
    return { mark, text: whole.slice(mark.length) };
  } catch {
    return undefined;
  }
}
