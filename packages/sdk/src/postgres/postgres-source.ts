/** The repository in the table of a Postgres that tells of each new timestamp by NOTIFY. Behind a pooler nothing is told, so it is asked. */
import type { RepositorySource } from "@wardline/backends";
import { repositoryChannel } from "@wardline/isolation";
import pg from "pg";
import { watchedDatabase } from "../sources/database-source.ts";
import { SourceError } from "../sources/source-error.ts";
import { usualLimits } from "./limits.ts";
import { readOptions, type PostgresOptions, type ReadOptions } from "./postgres-options.ts";
import { postgres } from "./postgres.ts";

export interface PostgresSourceOptions extends Omit<PostgresOptions, "schema"> {
  /**
   * Milliseconds from one look at the timestamp to the next, less up to a half, beside what the server tells. 10 s without it; 750 behind
   * a pooler, where it tells nothing.
   */
  readonly pollEvery?: number;
}

/** It logs in as the application's role. Throws {@link ConnectionRefused}; nothing is connected before somebody reads. */
export function postgresSource({ pollEvery, ...options }: PostgresSourceOptions): RepositorySource {
  const read = readOptions(options, usualLimits);
  const database = postgres({ ...options, pool: { max: 2, ...options.pool } });
  return watchedDatabase(database, {
    pollEvery: pollEvery ?? (read.pooled ? 750 : 10_000),
    ...(read.pooled ? {} : { subscribe: listening(read) }),
  });
}

function listening({ pool, limits }: ReadOptions) {
  return async (told: () => void, lost: (error?: Error) => void): Promise<() => Promise<void>> => {
    const client = new pg.Client({
      ...pool,
      application_name: "wardline bundles",
      query_timeout: limits.connect,
      // It waits for as long as nothing is published.
      options: "-c idle_session_timeout=0",
    });
    const trouble = (cause?: Error): void =>
      lost(
        new SourceError("source/unavailable", "the database tells of no changes any more", undefined, {
          cause,
        }),
      );
    client.on("error", trouble);
    client.on("end", () => trouble());
    client.on("notification", told);
    try {
      await client.connect();
      await client.query(`LISTEN ${repositoryChannel}`);
    } catch (cause) {
      void client.end().catch(() => undefined);
      throw new SourceError("source/unavailable", "the database cannot be listened to", undefined, { cause });
    }
    // A process that has nothing else to do may end.
    (client as unknown as { unref(): void }).unref();
    return () => client.end();
  };
}
