/** Kysely's driver over a guarded database. A transaction has no settings. */
import type { DatabaseConnection, Driver, TransactionSettings } from "kysely";
import { GuardedConnection } from "./connection.ts";
import type { GuardedDialectOptions } from "./options.ts";

export class GuardedDriver implements Driver {
  readonly #options: GuardedDialectOptions;

  constructor(options: GuardedDialectOptions) {
    this.#options = options;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new GuardedConnection(this.#options);
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await guarded(connection).begin(settings);
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await guarded(connection).commit();
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await guarded(connection).rollback();
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await guarded(connection).savepoint(name);
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await guarded(connection).rollbackToSavepoint(name);
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await guarded(connection).releaseSavepoint(name);
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await guarded(connection).release();
  }

  /** The database is its owner's to close: a handle only stops using it. */
  async destroy(): Promise<void> {}
}

function guarded(connection: DatabaseConnection): GuardedConnection {
  if (!(connection instanceof GuardedConnection)) throw new TypeError("not a connection of this driver");
  return connection;
}
