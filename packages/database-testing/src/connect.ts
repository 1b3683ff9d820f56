/** A connection to a real Postgres in the shape that worlds and benchmarks work with. */
import pg from "pg";
import type { PostgresServer } from "./start-postgres.ts";

/** A row by the names of its columns, in the order of the statement. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** One connection to a database: PGlite is one, and so is what {@link connect} gives. */
export interface SqlDatabase {
  /** One or more statements without parameters. */
  readonly exec: (sql: string) => Promise<unknown>;
  readonly query: (sql: string, parameters?: unknown[]) => Promise<{ readonly rows: readonly SqlRow[] }>;
}

export interface Connection extends SqlDatabase {
  readonly close: () => Promise<void>;
}

/** Opens a connection whose answers are texts, as the database prints them. */
export async function connect(server: PostgresServer): Promise<Connection> {
  const { host, port, user, password, database } = server;
  const types = { getTypeParser: () => (text: unknown) => text };
  const client = new pg.Client({ host, port, user, password, database, types });
  // Else a server that ends first would end this process too.
  client.on("error", () => undefined);
  await client.connect();
  return {
    exec: async (sql) => await client.query(sql),
    query: async (sql, parameters) => {
      const { rows } = await client.query<SqlRow>(sql, parameters);
      return { rows };
    },
    close: async () => await client.end(),
  };
}
