/**
 * A handle that nothing scopes: Kysely's own SQL in the asker's context, as the application's role. What it may see is
 * row-level security's to say.
 */
import type { ContextClaims, ContextGate, Database, SqlSession } from "@wardline/isolation";
import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from "kysely";
import type { AnyDb } from "../statement/build-expression.ts";

export interface UnscopedParts {
  readonly database: Database;
  readonly gate: ContextGate;
  readonly claims: ContextClaims;
}

export function unscopedDb(parts: UnscopedParts): AnyDb {
  return new Kysely<Record<string, Record<string, unknown>>>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new UnscopedDriver(parts),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

class UnscopedConnection implements DatabaseConnection {
  readonly #session: SqlSession;
  readonly #parts: UnscopedParts;
  readonly end: () => Promise<void>;
  #open = false;

  constructor(session: SqlSession, parts: UnscopedParts, end: () => Promise<void>) {
    this.#session = session;
    this.#parts = parts;
    this.end = end;
  }

  async begin(): Promise<void> {
    await this.run("BEGIN");
    this.#open = true;
    const { gate, claims } = this.#parts;
    for (const { sql, parameters } of gate.statements(claims, this.#session.backend ?? 0))
      await this.#session.query(sql, parameters);
    await this.run(`SET LOCAL search_path = "${this.#parts.database.schema}"`);
  }

  async finish(how: "COMMIT" | "ROLLBACK"): Promise<void> {
    this.#open = false;
    await this.run(how);
  }

  async run(sql: string): Promise<void> {
    await this.#session.query(sql, []);
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#open) return this.#ask(sql, parameters);
    await this.begin();
    try {
      const result = await this.#ask<R>(sql, parameters);
      await this.finish("COMMIT");
      return result;
    } catch (error) {
      await this.finish("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  async #ask<R>(sql: string, parameters: readonly unknown[]): Promise<QueryResult<R>> {
    const { rows, affected } = await this.#session.query(sql, parameters);
    return { rows: rows as R[], numAffectedRows: BigInt(affected) };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }
}

class UnscopedDriver implements Driver {
  readonly #parts: UnscopedParts;

  constructor(parts: UnscopedParts) {
    this.#parts = parts;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const opened = Promise.withResolvers<SqlSession>();
    const ended = Promise.withResolvers<void>();
    const turn = this.#parts.database.turn(async (session) => {
      opened.resolve(session);
      await ended.promise;
    });
    turn.catch((error: unknown) => opened.reject(error));
    return new UnscopedConnection(await opened.promise, this.#parts, async () => {
      ended.resolve();
      await turn;
    });
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await unscoped(connection).begin();
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await unscoped(connection).finish("COMMIT");
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await unscoped(connection).finish("ROLLBACK");
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await unscoped(connection).run(`SAVEPOINT "${name}"`);
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await unscoped(connection).run(`ROLLBACK TO SAVEPOINT "${name}"`);
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await unscoped(connection).run(`RELEASE SAVEPOINT "${name}"`);
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await unscoped(connection).end();
  }

  async destroy(): Promise<void> {}
}

function unscoped(connection: DatabaseConnection): UnscopedConnection {
  if (!(connection instanceof UnscopedConnection)) throw new TypeError("not a connection of this driver");
  return connection;
}
