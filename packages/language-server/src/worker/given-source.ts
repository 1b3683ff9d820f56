/** Files that a client gave in its `initializationOptions`: `{ config: string | null, files: { name, text }[] }`. */
import { configName } from "@wardline/compiler/project";
import type { ProjectSource } from "../workspace/project-source.ts";
import { uriOfName } from "../workspace/uri.ts";

export interface GivenFiles {
  /** The text of the configuration; null where files are taken by their headers. */
  readonly config: string | null;
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** What has changed since: `wardline/givenFiles`. A text that is null is no file any more. */
export interface ChangedFiles {
  readonly files: readonly { readonly name: string; readonly text: string | null }[];
}

export interface GivenSource extends ProjectSource {
  /** Takes what has changed. Who gives it tells of it as of watched files afterwards. */
  readonly give: (changed: unknown) => void;
}

/** The folder of all given files. */
export const givenFolder = "wardline:///";

/** What is not of this shape is left out. */
export function givenSource(options: unknown): GivenSource {
  const texts = new Map<string, string>();
  const { config } = (options ?? {}) as Partial<Record<keyof GivenFiles, unknown>>;
  if (typeof config === "string") texts.set(uriOfName(givenFolder, configName), config);
  const give = (changed: unknown) => {
    const { files } = (changed ?? {}) as Partial<Record<keyof ChangedFiles, unknown>>;
    for (const file of Array.isArray(files) ? (files as unknown[]) : []) {
      const { name, text } = (file ?? {}) as { readonly name?: unknown; readonly text?: unknown };
      if (typeof name !== "string") continue;
      if (typeof text === "string") texts.set(uriOfName(givenFolder, name), text);
      else if (text === null) texts.delete(uriOfName(givenFolder, name));
    }
  };
  give(options);
  const below = (folder: string, wanted: (uri: string) => boolean) =>
    [...texts.keys()].filter((uri) => uri.startsWith(folder) && wanted(uri)).toSorted();
  return {
    give,
    folders: [givenFolder],
    read: (uri) => {
      const text = texts.get(uri);
      return text === undefined ? { problem: `there is no file ${uri}` } : { text };
    },
    exists: (uri) => texts.has(uri),
    wardFiles: (folder) => below(folder, (uri) => uri.endsWith(".ward")),
    configs: (folder) => below(folder, (uri) => uri.endsWith(`/${configName}`)),
  };
}
