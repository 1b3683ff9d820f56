/** A database that worlds are put into: as the application's role through turns, and as its owner past every guard. */
import type { Database, SqlSession } from "@wardline/isolation";
import { pglite } from "@wardline/sdk/pglite";

export interface Place {
  readonly name: "pglite" | "postgres";
  /** The application's way in; the schema is filled in for each model. */
  readonly database: Database;
  /** As a superuser, in one turn. */
  admin<T>(run: (session: SqlSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function embeddedPlace(): Place {
  const database = pglite();
  return {
    name: "pglite",
    database,
    admin: (run) => database.turn(run),
    close: () => database.close(),
  };
}
