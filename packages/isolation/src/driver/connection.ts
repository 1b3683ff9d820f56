/**
 * What Kysely takes for a connection. It looks at the tree of a query and never at its text, so that plugins, queries
 * compiled elsewhere and raw text all end at the same guard. Statements on one connection run one after the other.
 */
import type {
  AbortableOperationOptions,
  CompiledQuery,
  DatabaseConnection,
  QueryResult,
  TransactionSettings,
} from "kysely";
import type { Turn } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { askedQuery, type AskedQuery } from "../raw/raw-query.ts";
import { callerError } from "./caller-error.ts";
import { executeAlone } from "./execute-alone.ts";
import { enterTurn, uncancelled, type GuardedDialectOptions } from "./options.ts";
import type { LimitedRow } from "../limits/limit-ledger.ts";
import { tellAfter } from "./notice.ts";
import { atPlace } from "./place.ts";
import { prepared, type PreparedOptions } from "./prepared.ts";
import { recordViolation, type Attempted } from "./record-violation.ts";
import { GuardedStream } from "./stream.ts";
import { GuardedTransaction } from "./transaction.ts";
import { holdTurn, type HeldTurn } from "./turn.ts";

interface OpenTransaction {
  readonly turn: HeldTurn;
  readonly transaction: GuardedTransaction;
  readonly limit: NodeJS.Timeout;
  /** Of the tenant's share. */
  readonly share: Turn;
  /** Streams that were begun in it. */
  streams: number;
}

/** The query once it could be looked at. */
interface Attempt {
  query: AskedQuery | null;
}

/** Milliseconds. A transaction holds its turn, and everybody else waits for it: one that is forgotten must not hold it for ever. */
const usualLimit = 60_000;

/** Milliseconds from the limit until a connection that does not come to an end is cut. */
const grace = 1_000;

export class GuardedConnection implements DatabaseConnection {
  readonly #options: GuardedDialectOptions;
  #open: OpenTransaction | null = null;
  /** Of the statement that runs outside of a transaction of its caller's. */
  #alone: GuardedTransaction | null = null;
  /** Once a connection has carried a transaction, it runs nothing outside of one: late siblings would escape into it. */
  #transactional = false;
  #released = false;
  #last: Promise<unknown> = Promise.resolve();
  /** Ends what waits for its turn; made where turns are counted. */
  readonly #givenUp: AbortController | null;

  constructor(options: GuardedDialectOptions) {
    this.#options = options;
    this.#givenUp = options.turns === undefined ? null : new AbortController();
  }

  /** `row`: the one that is looked at, of which it is asked whether it may be read. Kysely gives none. */
  async executeQuery<R>(
    compiledQuery: CompiledQuery,
    { signal }: AbortableOperationOptions = {},
    row?: LimitedRow,
  ): Promise<QueryResult<R>> {
    const asked = this.#open;
    const attempted: Attempt = { query: null };
    return this.#inTurn(async () => {
      const query = (attempted.query = askedQuery(compiledQuery, row));
      this.#refuseLate(asked);
      // What cannot be copied is refused and leaves its transaction as it is.
      if (asked !== null) query.copy();
      const result =
        asked === null
          ? await this.#inShare(signal, () =>
              executeAlone(this.#options, query, (transaction) => (this.#alone = transaction)),
            )
          : await asked.transaction.execute(query, "by-savepoint");
      return result as QueryResult<R>;
    }, attempted);
  }

  /** Outside of a transaction the stream is one of its own, which lasts until the last row, or until it is left. */
  async *streamQuery<R>(
    compiledQuery: CompiledQuery,
    chunkSize: number,
  ): AsyncIterableIterator<QueryResult<R>> {
    const asked = this.#open;
    const attempted: Attempt = { query: null };
    const { stream, open } = await this.#inTurn(async () => {
      const query = (attempted.query = askedQuery(compiledQuery));
      query.copy();
      this.#refuseLate(asked);
      const open = asked ?? (await this.#begin("now"));
      try {
        return { open, stream: new GuardedStream(open.transaction, query, chunkSize, ++open.streams) };
      } catch (error) {
        if (asked === null) await this.#end((transaction) => transaction.rollback());
        throw error;
      }
    }, attempted);
    let isLast = false;
    try {
      while (!isLast) {
        const page = await this.#inTurn(() => {
          this.#refuseLate(open);
          return stream.next();
        }, attempted);
        isLast = page.isLast;
        if (page.result.rows.length > 0) yield page.result as QueryResult<R>;
      }
    } finally {
      await this.#inTurn(async () => {
        try {
          await stream.ended();
        } finally {
          // It may have ended meanwhile, by its limit or with the transaction that it was in.
          if (this.#open === open) {
            if (asked === null) await this.#end((transaction) => transaction.rollback());
            else if (open.transaction.isOpen) await stream.close();
          } else await open.transaction.recordRest();
        }
      });
    }
  }

  begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    return this.#inTurn(
      async () => {
        if (isolationLevel !== undefined || accessMode !== undefined)
          throw new IsolationViolation("query/transaction-setting", "a transaction has no settings here");
        await this.#begin("now");
      },
      { act: "begin" },
    );
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

  savepoint(name: string): Promise<void> {
    return this.#within((transaction) => transaction.savepoint(name));
  }

  rollbackToSavepoint(name: string): Promise<void> {
    return this.#within((transaction) => transaction.rollbackTo(name));
  }

  releaseSavepoint(name: string): Promise<void> {
    return this.#within((transaction) => transaction.releaseSavepoint(name));
  }

  /** What its caller has given up ends with its connection: an order to cancel could reach somebody else's statement. */
  async cancelQuery(): Promise<void> {
    this.#givenUp?.abort(new IsolationViolation("handle/revoked", "the query was given up"));
    (this.#open?.transaction ?? this.#alone)?.cut();
  }

  killSession(): Promise<void> {
    return this.cancelQuery();
  }

  async release(): Promise<void> {
    this.#givenUp?.abort(new IsolationViolation("handle/revoked", "the connection was released"));
    await this.rollback();
    this.#released = true;
  }

  /** A statement belongs to the transaction in which it was asked for, and dies with it. */
  #refuseLate(asked: OpenTransaction | null): void {
    if (this.#released || this.#open !== asked || (asked === null && this.#transactional))
      throw new IsolationViolation("handle/revoked", "the connection's transaction has ended");
  }

  async #begin(entry: "now" | "first"): Promise<OpenTransaction> {
    if (this.#released || this.#open !== null)
      throw new IsolationViolation("transaction/ended", "the connection cannot begin a transaction");
    this.#transactional = true;
    const share = await enterTurn(this.#options, this.#givenUp?.signal ?? uncancelled);
    share.hold();
    const { turn, transaction } = await atPlace(this.#options, async (place) =>
      openTransaction(await prepared(place), entry),
    ).catch((error: unknown) => {
      share.end();
      throw error;
    });
    const expire = (): void => {
      // What is asked of it afterwards is refused like all that comes after an end.
      const ended = this.rollback().catch(() => undefined);
      const cut = setTimeout(() => transaction.cut(), grace);
      void ended.finally(() => clearTimeout(cut));
    };
    const limit = setTimeout(expire, this.#options.transactionLimit ?? usualLimit);
    this.#open = { turn, transaction, limit, share, streams: 0 };
    return this.#open;
  }

  async #end(how: (transaction: GuardedTransaction) => Promise<void>): Promise<void> {
    const open = this.#open;
    if (open === null) throw new IsolationViolation("transaction/ended", "no transaction is open");
    this.#open = null;
    clearTimeout(open.limit);
    try {
      await how(open.transaction);
    } finally {
      await open.turn
        .end()
        .finally(() => open.share.end())
        .finally(() => open.transaction.recordRest());
    }
    await tellAfter(this.#options, open.transaction.notices);
  }

  /** A statement by itself, in its tenant's turn. */
  async #inShare<T>(signal: AbortSignal | undefined, act: () => Promise<T>): Promise<T> {
    const givenUp = this.#givenUp?.signal;
    if (givenUp === undefined) return act();
    const entering = enterTurn(
      this.#options,
      signal === undefined ? givenUp : AbortSignal.any([givenUp, signal]),
    );
    const share = entering instanceof Promise ? await entering : entering;
    try {
      return await act();
    } finally {
      share.end();
    }
  }

  #within(act: (transaction: GuardedTransaction) => Promise<void>): Promise<void> {
    const asked = this.#open;
    return this.#inTurn(() => {
      this.#refuseLate(asked);
      if (asked === null) throw new IsolationViolation("transaction/ended", "no transaction is open");
      return act(asked.transaction);
    });
  }

  /** After everything that was asked for before, and with errors as callers may see them, on record where they must be. */
  #inTurn<T>(act: () => Promise<T>, attempted: Attempted = { query: null }): Promise<T> {
    const next = this.#last.then(act).catch(async (error: unknown) => {
      const refused = callerError(error, this.#options.onOperatorError);
      await recordViolation(this.#options, refused, attempted);
      throw refused;
    });
    this.#last = next.catch(() => undefined);
    return next;
  }
}

async function openTransaction(
  options: PreparedOptions,
  entry: "now" | "first",
): Promise<Pick<OpenTransaction, "turn" | "transaction">> {
  const turn = await holdTurn(options.database);
  try {
    return { turn, transaction: await GuardedTransaction.begin(options, turn.session, entry) };
  } catch (error) {
    await turn.end();
    throw error;
  }
}
