/**
 * A select whose rows come page by page, from a cursor of a transaction. Opening it and fetching the first page are one message,
 * so that what is evaluated lazily is evaluated in the context that it was opened in; between pages the connection is idle in
 * its transaction, where the server's limits hold.
 */
import type { QueryResult } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import type { AskedQuery } from "../raw/raw-query.ts";
import { heldNow } from "./prepared.ts";
import { ReadRecord } from "./read-record.ts";
import { LimitLedger } from "../limits/limit-ledger.ts";
import { drawnSelect } from "./drawn-select.ts";
import { askedRead, isRead, owes, rowsOf, type SelectPlan } from "./select.ts";
import { closedFacts } from "./closed-facts.ts";
import type { GuardedTransaction } from "./transaction.ts";

/** The most rows of a page. */
const maxPage = 10_000;

export interface Page {
  readonly result: QueryResult<unknown>;
  readonly isLast: boolean;
}

/** Pages of one select in a transaction that is open; each is asked for by itself, and only while the handle lives. */
export class GuardedStream {
  readonly #transaction: GuardedTransaction;
  readonly #query: AskedQuery;
  readonly #pageRows: number;
  readonly #cursor: string;
  #plan: SelectPlan | null = null;
  /** What is to be on record; null once it is, and where nothing is. */
  #record: ReadRecord | null = null;
  #shown = 0;

  /** Throws `query/streaming` for what is no select, and for a page of no sensible size. `number` tells apart those of one transaction. */
  constructor(transaction: GuardedTransaction, query: AskedQuery, pageRows: number, number: number) {
    if (!isRead(query.copy())) throw new UnsupportedQuery("query/streaming", "only a select is streamed");
    if (!Number.isSafeInteger(pageRows) || pageRows < 1 || pageRows > maxPage)
      throw new UnsupportedQuery("query/streaming", `a page has 1 to ${maxPage} rows`);
    this.#transaction = transaction;
    this.#query = query;
    this.#pageRows = pageRows;
    this.#cursor = `wardline_stream_${number}`;
  }

  next(): Promise<Page> {
    return this.#transaction.read(async (session, known) => {
      const { options } = this.#transaction;
      const isFirst = this.#plan === null;
      // Before the page is fetched: what asks the database for it must have ended.
      const held = isFirst ? options.held : await heldNow(options, session);
      if (this.#plan === null) {
        const facts = await closedFacts(options, session, known, options.clock());
        const plan = await drawnSelect(options, facts, this.#query, new LimitLedger());
        if (owes(plan)) {
          const record = new ReadRecord(options, known, askedRead(plan), true);
          await record.intent();
          this.#record = record;
        }
        this.#plan = plan;
      }
      const fetched = isFirst
        ? await session.openCursor(this.#cursor, this.#plan.statement, this.#pageRows)
        : await session.fetch(this.#cursor, this.#pageRows);
      const rows = rowsOf({ held }, this.#plan, fetched);
      const isLast = rows.length < this.#pageRows;
      if (this.#record === null) return { result: { rows }, isLast };
      await this.#record.page(rows);
      const shown = this.#record.shown(rows);
      this.#shown += rows.length;
      return { result: { rows: shown }, isLast };
    });
  }

  /** Puts on record how much was shown, whether it came to its end or was left; where a later policy came between, with the transaction's end. */
  async ended(): Promise<void> {
    const record = this.#record;
    this.#record = null;
    await record?.completion(this.#shown, (entries) => this.#transaction.owe(entries));
  }

  /** Closes the cursor of a stream that was left, in a transaction that goes on. */
  async close(): Promise<void> {
    if (this.#plan === null) return;
    await this.#transaction.read((session) => session.closeCursor(this.#cursor));
  }
}
