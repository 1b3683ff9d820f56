/** The repository in the table of a database that `createSchema` or `wardline db apply` made. */
import type { RepositorySource } from "@wardline/backends";
import { readRepositoryFile, type Database } from "@wardline/isolation";
import { partsOf } from "./repository-path.ts";
import { SourceError } from "./source-error.ts";
import { timestampLook } from "./timestamp-look.ts";
import { watching, type Watched } from "./watching.ts";

export interface DatabaseSourceOptions {
  /** Milliseconds from one look at the timestamp to the next, less up to a half. 750 without it. */
  readonly pollEvery?: number;
}

/** By a database that is open. It tells nothing of changes, so it is asked; `postgresSource` is told. */
export function databaseSource(
  database: Database,
  { pollEvery = 750 }: DatabaseSourceOptions = {},
): RepositorySource {
  return watchedDatabase(database, { pollEvery });
}

export function watchedDatabase(
  database: Database,
  watched: Pick<Watched, "pollEvery" | "subscribe">,
): RepositorySource {
  const read: RepositorySource["read"] = async (path, maxSize) => {
    const canonical = partsOf(path).join("/");
    try {
      return await readRepositoryFile(database, canonical, maxSize);
    } catch (error) {
      throw unavailable(error);
    }
  };
  return {
    read,
    watch: (onChange, onTrouble) =>
      watching({ ...watched, look: () => timestampLook({ read }) }, onChange, onTrouble),
  };
}

/** The server's code, and never its words. */
export function unavailable(error: unknown): SourceError {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  const missing = code === "42P01" || code === "42883" || code === "3F000";
  return new SourceError(
    "source/unavailable",
    `the database did not give the repository${typeof code === "string" ? ` (${code})` : ""}`,
    missing ? "`wardline db apply` makes its table" : undefined,
    { cause: error },
  );
}
