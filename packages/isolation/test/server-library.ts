/** The libraries on a real server, reached as the application's role over several connections at once. */
import { randomBytes } from "node:crypto";
import { connect, startPostgres, type Connection } from "@wardline/database-testing";
import { createContextGate } from "../src/context/context-gate.ts";
import { createContextKey } from "../src/context/context-key.ts";
import { installContextKey, readCluster } from "../src/context/contexts.ts";
import { sessionSettings } from "../src/context/pinned-settings.ts";
import { createContextSigner } from "../src/context/signer.ts";
import type { Database, SqlSession } from "../src/contracts.ts";
import { applicationRole } from "../src/index.ts";
import { libraryDdl, libraryIn, type Library, type Tenant } from "./driver-library.ts";

export interface ServerLibrary extends Library {
  /** Another session of the superuser's: somebody who writes at the same time. */
  other(): Promise<Connection>;
  /** Waits until so many sessions wait for a lock. */
  waiting(count: number): Promise<void>;
}

/** As the embedded database gives them. */
const parse = (oid: number): ((text: string) => unknown) | undefined =>
  ({
    16: (text: string): unknown => text === "t",
    20: Number,
    21: Number,
    23: Number,
  })[oid];

export async function openServerLibrary(
  tenants: readonly Tenant[] = ["north", "south"],
  options: Parameters<typeof startPostgres>[0] = {},
): Promise<ServerLibrary> {
  const server = await startPostgres(options);
  const settings = sessionSettings();
  const admin = await connect(server, { parse, settings: { ...settings, statement_timeout: "0" } });
  for (const statement of libraryDdl({ login: true })) await admin.exec(statement);
  const password = randomBytes(16).toString("hex");
  await admin.exec(`alter role ${applicationRole} password '${password}'`);
  const key = createContextKey(1);
  const session = sessionOf(admin);
  await installContextKey(session, key);
  const cluster = (await readCluster(session)) as Uint8Array;
  const gate = createContextGate({ signer: createContextSigner({ key, cluster }), kind: "server" });
  const open: Connection[] = [];
  const dial = async (): Promise<Connection> => {
    const connection = await connect({ ...server, user: applicationRole, password }, { parse, settings });
    open.push(connection);
    return connection;
  };
  const database = serverDatabase(dial);
  const library = await libraryIn(admin, database, gate, tenants, async () => {
    for (const connection of [...open, admin]) await connection.close().catch(() => undefined);
    await server.stop();
  });
  return {
    ...library,
    async other() {
      const connection = await connect(server);
      open.push(connection);
      return connection;
    },
    async waiting(count) {
      for (let tries = 0; tries < 500; tries += 1) {
        const [row] = await library.raw(
          "select count(*) as n from pg_catalog.pg_stat_activity where wait_event_type = 'Lock'",
        );
        if (row?.["n"] === count) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error("nobody waits for a lock");
    },
  };
}

/** A connection for each turn that is under way; one that a turn leaves inside a transaction is rolled back. */
function serverDatabase(dial: () => Promise<Connection>): Database {
  const idle: Connection[] = [];
  const turn: Database["turn"] = async (run) => {
    const connection = idle.pop() ?? (await dial());
    try {
      return await run(sessionOf(connection));
    } finally {
      await connection.exec("rollback");
      idle.push(connection);
    }
  };
  return {
    kind: "server",
    schema: "lib",
    turn,
    batch: (given) =>
      turn(async (session) => {
        const results = [];
        await session.query("begin", []);
        for (const { sql, parameters } of typeof given === "function" ? given(0) : given)
          results.push(await session.query(sql, parameters));
        await session.query("commit", []);
        return results;
      }),
    close: async () => undefined,
  };
}

function sessionOf(connection: Connection): SqlSession {
  return {
    async query(sql, parameters) {
      const { rows } = await connection.query(sql, [...parameters]);
      return { rows, affected: rows.length };
    },
  };
}
