/** The highest versions that were seen, kept in the database: a process that has just begun cannot be shown an older state. */
import type { Database } from "../contracts.ts";
import { seenVersions, seeVersions } from "./versions-ddl.ts";

export interface KeptVersion {
  /** From 1. */
  readonly version: number;
  /** SHA-256 in hexadecimal of what has this version. */
  readonly sha256: string;
}

/** Kept by name. */
export interface VersionStore {
  readonly read: () => Promise<ReadonlyMap<string, KeptVersion>>;
  /** Keeps all of them and resolves to true, or resolves to false and keeps none: one is lower, or equal and another. */
  readonly raise: (versions: ReadonlyMap<string, KeptVersion>) => Promise<boolean>;
}

/** The store in a database whose schema was made by `versionsDdl`. Its statements run outside any tenant's context. */
export function databaseVersions(database: Database): VersionStore {
  return {
    read: () =>
      database.turn(async (session) => {
        const { rows } = await session.query(
          `SELECT name, version::text AS version, sha256 FROM ${seenVersions}()`,
          [],
        );
        return new Map(
          rows.map((row) => [
            String(row["name"]),
            { version: Number(row["version"]), sha256: String(row["sha256"]) },
          ]),
        );
      }),
    raise: (versions) =>
      database.turn(async (session) => {
        // In one order, so that two processes never wait for each other.
        const names = [...versions.keys()].toSorted();
        const kept = names.map((name) => versions.get(name) as KeptVersion);
        await session.query("BEGIN", []);
        const { rows } = await session.query(
          `SELECT ${seeVersions}($1::text[], $2::bigint[], $3::text[])::text AS kept`,
          [names, kept.map(({ version }) => String(version)), kept.map(({ sha256 }) => sha256)],
        );
        const all = rows[0]?.["kept"] === String(names.length);
        await session.query(all ? "COMMIT" : "ROLLBACK", []);
        return all;
      }),
  };
}
