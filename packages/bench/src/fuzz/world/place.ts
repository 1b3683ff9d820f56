/** A database that worlds are put into: as the application's role through turns, and as its owner past every guard. */
import { randomBytes } from "node:crypto";
import { connect, startPostgres } from "@wardline/database-testing";
import {
  applicationRole,
  createContextKey,
  createContexts,
  installContextKey,
  type ContextGate,
  type Database,
  type SqlSession,
} from "@wardline/isolation";
import { pglite } from "@wardline/sdk/pglite";
import { postgres } from "@wardline/sdk/postgres";

export interface Place {
  readonly name: "pglite" | "postgres";
  /** The application's way in; the schema is filled in for each model. */
  readonly database: Database;
  /** The gate of the application's contexts; after the first tables were made. */
  gate(): Promise<ContextGate>;
  /** As a superuser, in one turn. */
  admin<T>(run: (session: SqlSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export type Places = readonly [Place, Place];

export function embeddedPlaces(): Places {
  return [embeddedPlace(), embeddedPlace()];
}

function embeddedPlace(): Place {
  const database = pglite();
  const contexts = createContexts(null);
  return {
    name: "pglite",
    database,
    gate: () => contexts.at(database),
    admin: (run) => database.turn(run),
    close: () => database.close(),
  };
}

/** Two databases of one real server of their own. */
export async function serverPlaces(): Promise<Places> {
  // Statistics that come to be in the middle of a run would change plans in one world and not in the other.
  const server = await startPostgres({ settings: { autovacuum: "off", jit: "off" } });
  const password = randomBytes(16).toString("hex");
  const main = await connect(server);
  for (const name of ["world_0", "world_1"]) await main.exec(`CREATE DATABASE ${name}`);
  let open = 2;
  const closed = async (): Promise<void> => {
    open -= 1;
    if (open > 0) return;
    await main.close();
    await server.stop();
  };
  const make = async (name: string): Promise<Place> => {
    const owner = await connect({ ...server, database: name }, { settings: { TimeZone: "UTC" } });
    const session: SqlSession = {
      async query(sql, parameters) {
        const { rows } = await owner.query(sql, [...parameters]);
        return { rows, affected: rows.length };
      },
    };
    const { host, port } = server;
    const database = postgres({ host, port, user: applicationRole, password, database: name });
    const key = createContextKey(1);
    const contexts = createContexts(key);
    let installed: Promise<ContextGate> | undefined;
    const install = async (): Promise<ContextGate> => {
      await session.query(`ALTER ROLE ${applicationRole} PASSWORD '${password}'`, []);
      await installContextKey(session, key);
      return contexts.at(database);
    };
    return {
      name: "postgres",
      database,
      gate: () => (installed ??= install()),
      admin: (run) => run(session),
      async close() {
        await database.close();
        await owner.close();
        await closed();
      },
    };
  };
  return [await make("world_0"), await make("world_1")];
}
