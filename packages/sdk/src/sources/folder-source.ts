/** The repository in a folder, as `wardline publish` writes it. Folders may be replaced as wholes, by a rename or a link. */
import { watch, type FSWatcher } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { RepositorySource } from "@wardline/backends";
import { readSmallFile } from "../read-small-file.ts";
import { partsOf } from "./repository-path.ts";
import { timestampLook } from "./timestamp-look.ts";
import { watching } from "./watching.ts";

export interface FolderSourceOptions {
  /**
   * Milliseconds from one look at the timestamp to the next, beside what the file system tells of changes: over networks it tells
   * nothing. 2 s without it.
   */
  readonly pollEvery?: number;
}

/** The repository in a folder. */
export function folderSource(
  folder: string,
  { pollEvery = 2000 }: FolderSourceOptions = {},
): RepositorySource {
  const read: RepositorySource["read"] = async (path, maxSize) =>
    readSmallFile(join(folder, ...partsOf(path)), maxSize);
  return {
    read,
    watch: (onChange, onTrouble) =>
      watching(
        { look: () => timestampLook({ read }), subscribe: subscribeTo(folder), pollEvery },
        onChange,
        onTrouble,
      ),
  };
}

function subscribeTo(folder: string) {
  const watched = [folder, join(folder, "metadata")];
  return async (told: () => void, lost: (error?: Error) => void): Promise<() => Promise<void>> => {
    const begun = await identities(watched);
    const watchers: FSWatcher[] = [];
    const end = async (): Promise<void> => {
      for (const watcher of watchers) watcher.close();
    };
    // A folder that took the place of the one that is watched tells nothing.
    const hear = (): void =>
      void identities(watched).then(
        (now) => (now === begun ? told() : lost()),
        () => lost(),
      );
    try {
      for (const path of watched) {
        const watcher = watch(path, { persistent: false }, hear);
        watcher.on("error", (error) => lost(error));
        watchers.push(watcher);
      }
    } catch (error) {
      await end();
      throw error;
    }
    return end;
  };
}

async function identities(folders: readonly string[]): Promise<string> {
  const found = await Promise.all(folders.map((path) => stat(path)));
  return found.map(({ dev, ino }) => `${dev}:${ino}`).join(" ");
}
