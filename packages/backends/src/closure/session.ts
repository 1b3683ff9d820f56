/** One asker and many rows: what is known before any row is read and checked once, and copied. */
import type { Decision, KnownFacts } from "@wardline/core";
import type { ListedRow } from "../residual/row/row-facts.ts";
import type { ReadTable } from "./compile-tables.ts";
import { denied } from "./denied.ts";
import { readRows } from "./fact-reader.ts";
import { takeKnown, type Known } from "./known-facts.ts";
import type { Running } from "./running.ts";
import { decideTable, tableAllows } from "./table.ts";

/** What its principal may do, by action and type of rows. */
export type SessionTables = ReadonlyMap<unknown, ReadonlyMap<unknown, ReadTable>>;

/**
 * Its answers are those on the document that joins what was known when it was opened with the action, the type and the row.
 * What was given may change afterwards: nothing of it is read again.
 */
export interface Session {
  /**
   * The decision on an action and a row of a type: what is read, deleted, created, or of an update the row before it;
   * `next` is then the row after it. With a row comes, under the same keys as in the document, what concerns it.
   */
  readonly decide: (action: string, type: string, row: ListedRow, next?: ListedRow) => Decision;
  /** True if {@link decide} permits. */
  readonly allows: (action: string, type: string, row: ListedRow, next?: ListedRow) => boolean;
}

/** What the engine was told of the asker: the document without action and rows. Whatever is malformed denies. */
export type AskerFacts = KnownFacts;

/** A class, so that sessions share their methods: servers keep very many of them. */
export class OpenSession implements Session {
  readonly #running: Running;
  readonly #tables: SessionTables | undefined;
  readonly #known: Known;

  constructor(running: Running, tables: SessionTables | undefined, known: Known) {
    this.#running = running;
    this.#tables = tables;
    this.#known = known;
  }

  decide(action: string, type: string, row: ListedRow, next?: ListedRow): Decision {
    const table = this.#tables?.get(action)?.get(type);
    if (table === undefined) return denied.invalid_input;
    const running = this.#running;
    const state = running.take();
    const isProper =
      takeKnown(table.reader.known, this.#known, row, state) && readRows(table, row, next, state);
    const decision = isProper ? decideTable(table, state, running.memory) : denied.invalid_input;
    running.idle = state;
    return decision;
  }

  allows(action: string, type: string, row: ListedRow, next?: ListedRow): boolean {
    const table = this.#tables?.get(action)?.get(type);
    if (table === undefined) return false;
    const running = this.#running;
    const state = running.take();
    const isAllowed =
      takeKnown(table.reader.known, this.#known, row, state) &&
      readRows(table, row, next, state) &&
      tableAllows(table, state);
    running.idle = state;
    return isAllowed;
  }
}
