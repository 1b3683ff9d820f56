/**
 * What Kysely takes for a connection. It looks at the tree of a query and never at its text, so that plugins, queries
 * compiled elsewhere and raw text all end at the same guard. Statements on one connection run one after the other.
 */
import type { CompiledQuery, DatabaseConnection, OperationNode, QueryResult } from "kysely";
import { IsolationViolation, UnsupportedQuery } from "../errors.ts";
import { snapshot } from "../scope/snapshot.ts";
import { callerError } from "./caller-error.ts";
import type { GuardedDialectOptions } from "./options.ts";
import { atPlace } from "./place.ts";
import { executeAlone, GuardedTransaction } from "./transaction.ts";
import { holdTurn, type HeldTurn } from "./turn.ts";

interface OpenTransaction {
  readonly turn: HeldTurn;
  readonly transaction: GuardedTransaction;
  readonly limit: NodeJS.Timeout;
}

/** Milliseconds. A transaction holds its turn, and everybody else waits for it: one that is forgotten must not hold it for ever. */
const usualLimit = 60_000;

export class GuardedConnection implements DatabaseConnection {
  readonly #options: GuardedDialectOptions;
  #open: OpenTransaction | null = null;
  /** Once a connection has carried a transaction, it runs nothing outside of one: late siblings would escape into it. */
  #transactional = false;
  #released = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: GuardedDialectOptions) {
    this.#options = options;
  }

  async executeQuery<R>(compiledQuery: CompiledQuery): Promise<QueryResult<R>> {
    const asked = this.#open;
    return this.#inTurn(async () => {
      const node: OperationNode = snapshot(compiledQuery.query);
      // A statement belongs to the transaction in which it was asked for, and dies with it.
      if (this.#released || this.#open !== asked || (asked === null && this.#transactional))
        throw new IsolationViolation("handle/revoked", "the connection's transaction has ended");
      const result =
        asked === null
          ? await executeAlone(this.#options, node)
          : await asked.transaction.execute(node, "by-savepoint");
      return result as QueryResult<R>;
    });
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new UnsupportedQuery("query/streaming", "results are not streamed");
  }

  begin(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#released || this.#open !== null)
        throw new IsolationViolation("transaction/ended", "the connection cannot begin a transaction");
      this.#transactional = true;
      const { turn, transaction } = await atPlace(this.#options, openTransaction);
      // What is asked of it afterwards is refused like all that comes after an end.
      const expire = (): void => void this.rollback().catch(() => undefined);
      const limit = setTimeout(expire, this.#options.transactionLimit ?? usualLimit);
      this.#open = { turn, transaction, limit };
    });
  }

  commit(): Promise<void> {
    return this.#inTurn(() => this.#end((transaction) => transaction.commit()));
  }

  /** Harmless where nothing is open. */
  rollback(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#open !== null) await this.#end((transaction) => transaction.rollback());
    });
  }

  async release(): Promise<void> {
    await this.rollback();
    this.#released = true;
  }

  async #end(how: (transaction: GuardedTransaction) => Promise<void>): Promise<void> {
    const open = this.#open;
    if (open === null) throw new IsolationViolation("transaction/ended", "no transaction is open");
    this.#open = null;
    clearTimeout(open.limit);
    try {
      await how(open.transaction);
    } finally {
      await open.turn.end();
    }
  }

  /** After everything that was asked for before, and with errors as callers may see them. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const next = this.#last.then(act).catch((error: unknown) => {
      throw callerError(error, this.#options.onOperatorError);
    });
    this.#last = next.catch(() => undefined);
    return next;
  }
}

async function openTransaction(
  options: GuardedDialectOptions,
): Promise<Pick<OpenTransaction, "turn" | "transaction">> {
  const turn = await holdTurn(options.database);
  try {
    return { turn, transaction: await GuardedTransaction.begin(options, turn.session) };
  } catch (error) {
    await turn.end();
    throw error;
  }
}
