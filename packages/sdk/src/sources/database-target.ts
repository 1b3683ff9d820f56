/** Publishes into the table of a database, by an operator's login. One transaction is one publication. */
import { repositoryState, writeRepositoryFiles, type Database } from "@wardline/isolation";
import { inTransaction } from "../operator/transaction.ts";
import { databaseSource, unavailable } from "./database-source.ts";
import type { RepositoryTarget } from "./repository-target.ts";
import { SourceError } from "./source-error.ts";

/** `close` closes the database. */
export function databaseTarget(database: Database, name = "the database"): RepositoryTarget {
  return {
    name,
    source: databaseSource(database),
    async publication(expected, publish) {
      const state = await database.turn(repositoryState).catch((error: unknown) => {
        throw unavailable(error);
      });
      if (state === null && expected === "present")
        throw new SourceError(
          "source/missing",
          `there is no repository in ${name}`,
          "`wardline publish` makes one",
        );
      return await publish(async (files) => {
        try {
          await inTransaction(database, async (session) => {
            if (await writeRepositoryFiles(session, files, state)) return;
            throw new SourceError(
              "source/conflict",
              `something else was published into ${name} meanwhile`,
              "nothing was published; try again",
            );
          });
        } catch (error) {
          throw error instanceof SourceError ? error : unavailable(error);
        }
      });
    },
    close: () => database.close(),
  };
}
