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

export interface ConnectOptions {
  /** How texts of a type become values, by its oid; without it, and for types without one, they stay texts. */
  readonly parse?: (oid: number) => ((text: string) => unknown) | undefined;
  /** Settings by name, from the start. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Opens a connection whose answers are texts, as the database prints them, unless it is told how to read them. */
export async function connect(
  server: Pick<PostgresServer, "host" | "port" | "user" | "password" | "database">,
  { parse, settings = {} }: ConnectOptions = {},
): Promise<Connection> {
  const { host, port, user, password, database } = server;
  const asText = (text: string): unknown => text;
  const types = { getTypeParser: (oid: number) => parse?.(oid) ?? asText };
  const options = Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/g, "\\$&")}`)
    .join(" ");
  const client = new pg.Client({ host, port, user, password, database, types, options });
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
