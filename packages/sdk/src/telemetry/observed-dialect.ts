/** A guarded dialect whose statements and transactions are told of. Without telemetry it is the dialect itself. */
import type { ModelIr } from "@wardline/core";
import type {
  CompiledQuery,
  ControlConnectionProvider,
  DatabaseConnection,
  Dialect,
  Driver,
  QueryResult,
  TransactionSettings,
} from "kysely";
import { begin, observe } from "./observe.ts";
import { outcomeOf } from "./outcome-of.ts";
import { queryWork } from "./query-work.ts";
import type { Ended, Observation, Telemetry } from "./telemetry.ts";

export interface ObservedParts {
  readonly telemetry: Telemetry;
  readonly tenant: string;
  readonly model: ModelIr;
}

export function observedDialect(
  dialect: Dialect,
  { telemetry, ...rest }: Omit<ObservedParts, "telemetry"> & { readonly telemetry: Telemetry | undefined },
): Dialect {
  if (telemetry === undefined) return dialect;
  const parts = { ...rest, telemetry };
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => observedDriver(dialect.createDriver(), parts),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  };
}

type Options = Parameters<DatabaseConnection["executeQuery"]>[1];

class ObservedConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;
  readonly #parts: ObservedParts;
  transaction: Observation | null = null;

  constructor(inner: DatabaseConnection, parts: ObservedParts) {
    this.inner = inner;
    this.#parts = parts;
  }

  executeQuery<R>(query: CompiledQuery, options?: Options): Promise<QueryResult<R>> {
    const { telemetry, tenant, model } = this.#parts;
    return this.#within(() =>
      observe(
        telemetry,
        queryWork(model, query),
        tenant,
        () => this.inner.executeQuery<R>(query, options),
        resultEnded,
      ),
    );
  }

  async *streamQuery<R>(
    query: CompiledQuery,
    chunkSize: number,
    options?: Options,
  ): AsyncIterableIterator<QueryResult<R>> {
    const { telemetry, tenant, model } = this.#parts;
    const seen = this.#within(() => begin(telemetry, queryWork(model, query), tenant));
    let rows = 0;
    const pages = this.inner.streamQuery<R>(query, chunkSize, options);
    try {
      for (;;) {
        const page = await seen.within(() => pages.next());
        if (page.done === true) break;
        rows += page.value.rows.length;
        yield page.value;
      }
    } catch (error) {
      seen.end({ ...outcomeOf(error), rows });
      throw error;
    } finally {
      // One that was left is over as well.
      await pages.return?.();
      seen.end({ outcome: "ok", rows });
    }
  }

  async cancelQuery(provider: ControlConnectionProvider): Promise<void> {
    await this.inner.cancelQuery?.(provider);
  }

  async killSession(provider: ControlConnectionProvider): Promise<void> {
    await this.inner.killSession?.(provider);
  }

  #within<T>(run: () => T): T {
    return this.transaction === null ? run() : this.transaction.within(run);
  }
}

function resultEnded({ rows, numAffectedRows }: QueryResult<unknown>): Ended {
  return { outcome: "ok", rows: numAffectedRows === undefined ? rows.length : Number(numAffectedRows) };
}

function observedDriver(inner: Driver, parts: ObservedParts): Driver {
  const end = async (
    connection: DatabaseConnection,
    ended: Ended,
    act: (connection: DatabaseConnection) => Promise<void>,
  ): Promise<void> => {
    const own = observed(connection);
    const { transaction } = own;
    own.transaction = null;
    try {
      await (transaction === null ? act(own.inner) : transaction.within(() => act(own.inner)));
      transaction?.end(ended);
    } catch (error) {
      transaction?.end(outcomeOf(error));
      throw error;
    }
  };
  return {
    init: () => inner.init(),
    acquireConnection: async (options) =>
      new ObservedConnection(await inner.acquireConnection(options), parts),
    async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings) {
      const own = observed(connection);
      const seen = begin(parts.telemetry, { kind: "transaction" }, parts.tenant);
      try {
        await seen.within(() => inner.beginTransaction(own.inner, settings));
        own.transaction = seen;
      } catch (error) {
        seen.end(outcomeOf(error));
        throw error;
      }
    },
    commitTransaction: (connection) =>
      end(connection, { outcome: "ok" }, (own) => inner.commitTransaction(own)),
    rollbackTransaction: (connection) =>
      end(connection, { outcome: "rolled-back" }, (own) => inner.rollbackTransaction(own)),
    savepoint: async (connection, name, compile) =>
      inner.savepoint?.(observed(connection).inner, name, compile),
    rollbackToSavepoint: async (connection, name, compile) =>
      inner.rollbackToSavepoint?.(observed(connection).inner, name, compile),
    releaseSavepoint: async (connection, name, compile) =>
      inner.releaseSavepoint?.(observed(connection).inner, name, compile),
    releaseConnection: (connection) =>
      end(connection, { outcome: "rolled-back" }, (own) => inner.releaseConnection(own)),
    destroy: () => inner.destroy(),
  };
}

function observed(connection: DatabaseConnection): ObservedConnection {
  if (!(connection instanceof ObservedConnection)) throw new TypeError("not a connection of this driver");
  return connection;
}
