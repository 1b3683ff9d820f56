/** A real Postgres with two tenants' libraries, and connections to it as the application's role. */
import { connect, startPostgres, type Connection, type PostgresServer } from "@wardline/database-testing";
import { createContextKey, type ContextKey } from "../src/context/context-key.ts";
import { installContextKey, readCluster } from "../src/context/contexts.ts";
import { sessionSettings } from "../src/context/pinned-settings.ts";
import { createContextSigner, type ContextSigner } from "../src/context/signer.ts";
import type { ContextClaims, Database, SqlSession } from "../src/contracts.ts";
import { databaseDdl } from "../src/schema/database-ddl.ts";
import { securityDdl } from "../src/schema/security-ddl.ts";
import { versionsDdl } from "../src/versions/versions-ddl.ts";
import { claimsFor } from "./context-gate.ts";
import { bookColumns, bookValues, library, librarySealed } from "./schema-library.ts";

export const stored = { model: library, sealed: librarySealed };
export const schema = "lending";

/** The answer of a statement, or the SQLSTATE that it ended with. */
export type Outcome = readonly Record<string, unknown>[] | string;

export interface ContextServer {
  readonly server: PostgresServer;
  /** A superuser. */
  readonly admin: Connection;
  readonly key: ContextKey;
  readonly cluster: Uint8Array;
  /** Signs for any backend, or for the one given. */
  token(claims?: Partial<ContextClaims>, backend?: number): Uint8Array;
  /** A new connection as the application's role, with the pinned settings. */
  application(): Promise<Connection>;
  stop(): Promise<void>;
}

export function sessionOf(connection: Connection): SqlSession {
  return {
    async query(sql, parameters) {
      const { rows } = await connection.query(sql, [...parameters]);
      return { rows, affected: 0 };
    },
  };
}

export async function openContextServer(): Promise<ContextServer> {
  const server = await startPostgres();
  const admin = await connect(server);
  await admin.exec("set search_path = ''");
  const statements = [
    ...databaseDdl(stored, { schema }),
    ...securityDdl(stored, { schema, login: true }),
    ...versionsDdl(),
    // The tests' own way in: a real one is a certificate, IAM or a rule.
    "alter role wardline_app password 'app'",
  ];
  await admin.exec(["begin", ...statements, "commit"].join(";\n"));
  const key = createContextKey(1);
  await installContextKey(sessionOf(admin), key);
  const cluster = (await readCluster(sessionOf(admin))) as Uint8Array;
  for (const tenant of ["north", "south"]) await fill(admin, tenant);
  const signer: ContextSigner = createContextSigner({ key, cluster });
  const open: Connection[] = [admin];
  return {
    server,
    admin,
    key,
    cluster,
    token: (claims = {}, backend = 0) => signer.sign({ ...claimsFor("north"), ...claims }, backend),
    async application() {
      const connection = await connect({ ...server, user: "wardline_app", password: "app" });
      open.push(connection);
      for (const [name, value] of Object.entries(sessionSettings()))
        await connection.exec(`set ${name} = '${value}'`);
      return connection;
    },
    async stop() {
      for (const connection of open) await connection.close().catch(() => undefined);
      await server.stop();
    },
  };
}

export function idOf(tenant: string, number: number): string {
  return `0190a0b0-0000-7000-8000-${tenant === "north" ? "a" : "b"}${String(number).padStart(11, "0")}`;
}

async function fill(admin: Connection, tenant: string): Promise<void> {
  const [branch, book] = [idOf(tenant, 1), idOf(tenant, 2)];
  await admin.query(`insert into ${schema}.branches (tenant_id, id, name) values ($1, $2, $1)`, [
    tenant,
    branch,
  ]);
  const values = bookValues(tenant, book, branch);
  await admin.query(
    `insert into ${schema}.books (${bookColumns}) values (${values.map((_, n) => `$${n + 1}`).join(", ")})`,
    values,
  );
}

/** Runs statements in one transaction, which is undone: the outcome of the last, or the first error. */
export async function attempt(
  connection: Connection,
  token: Uint8Array | null,
  ...statements: readonly (string | readonly [string, ...unknown[]])[]
): Promise<Outcome> {
  await connection.exec("begin");
  try {
    if (token !== null) await connection.query("select wardline.enter($1)", [token]);
    let rows: readonly Record<string, unknown>[] = [];
    for (const statement of statements) {
      const [sql, ...parameters] = typeof statement === "string" ? [statement] : statement;
      ({ rows } = await connection.query(sql, parameters));
    }
    return rows;
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  } finally {
    await connection.exec("rollback");
  }
}

/** One connection as a database, which takes turns alone. */
export const databaseOf = (connection: Connection): Database => ({
  kind: "server",
  schema: "lending",
  turn: (run) => run(sessionOf(connection)),
  batch: () => Promise.reject(new Error("nothing is sent together")),
  close: async () => undefined,
});
