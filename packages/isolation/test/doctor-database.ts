/** A real Postgres with the tables of the library, and what an untouched database of it looks like. */
import {
  connect,
  startPostgres,
  type Connection,
  type PostgresOptions,
  type PostgresServer,
} from "@wardline/database-testing";
import type { SqlSession } from "../src/contracts.ts";
import {
  auditDdl,
  catalogueDdl,
  createContextKey,
  databaseDdl,
  examine,
  installContextKey,
  keyRegistryDdl,
  planTables,
  readCatalogue,
  readHere,
  securityDdl,
  repositoryDdl,
  versionsDdl,
  type Catalogue,
  type DoctorFinding,
  type Examined,
} from "../src/index.ts";
import { openTestDatabase } from "./database-session.ts";
import { library, librarySealed } from "./schema-library.ts";

export const stored = { model: library, sealed: librarySealed };
export const schema = "lending";

export const allStatements = (): readonly string[] => [
  ...databaseDdl(stored, { schema }),
  ...securityDdl(stored, { schema, login: true }),
  ...auditDdl(),
  ...versionsDdl(),
  ...repositoryDdl(),
  ...keyRegistryDdl(),
];

/** The catalogue of an embedded database in which nothing but the model's statements have run. */
export async function wantedCatalogue(): Promise<Catalogue> {
  const database = await openTestDatabase();
  await database.run([...allStatements(), ...catalogueDdl()]);
  const catalogue = await readCatalogue(database.session);
  await database.close();
  return catalogue;
}

export function sessionOf(connection: Connection): SqlSession {
  return {
    async query(sql, parameters) {
      const { rows } = await connection.query(sql, [...parameters]);
      return { rows, affected: 0 };
    },
  };
}

export interface DoctorDatabase {
  readonly server: PostgresServer;
  readonly session: SqlSession;
  readonly exec: (sql: string) => Promise<unknown>;
  /** Reads the catalogue as it is after some statements, which are undone. */
  readonly after: (sql: string) => Promise<Catalogue>;
  readonly stop: () => Promise<void>;
}

export async function openDoctorDatabase({
  statements = allStatements(),
  ...options
}: PostgresOptions & { readonly statements?: readonly string[] } = {}): Promise<DoctorDatabase> {
  const server = await startPostgres(options);
  const connection = await connect(server);
  const session = sessionOf(connection);
  await connection.exec(["BEGIN", ...statements, "COMMIT"].join(";\n"));
  if (statements.length > 0) await installContextKey(session, createContextKey(1));
  return {
    server,
    session,
    exec: connection.exec,
    async after(sql) {
      await connection.exec("BEGIN");
      try {
        await connection.exec(sql);
        return await readHere(session);
      } finally {
        await connection.exec("ROLLBACK");
      }
    },
    async stop() {
      await connection.close();
      await server.stop();
    },
  };
}

export function examined(catalogue: Catalogue, wanted: Catalogue, more: Partial<Examined> = {}): Examined {
  return { catalogue, wanted, tables: planTables(stored), schema, embedded: false, ...more };
}

export const codesOf = (findings: readonly DoctorFinding[]): readonly string[] => [
  ...new Set(findings.map(({ code }) => code)),
];

export const codes = (catalogue: Catalogue, wanted: Catalogue, more: Partial<Examined> = {}) =>
  codesOf(examine(examined(catalogue, wanted, more)));
