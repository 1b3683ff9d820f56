/** What a library that asks for rows has to be able to do, in words that are no library's: the contract is written over it. */
import type { Session } from "../../src/index.ts";
import type { Tables } from "../server-library.ts";

export interface Book {
  readonly id: string;
  readonly title: string;
  readonly note: string | null;
}

/** A library over one session. Everything is written with the library's own means, so that what it generates is what is tested. */
export interface DataPath {
  all(): Promise<readonly Book[]>;
  byIds(ids: readonly string[]): Promise<readonly Book[]>;
  byTitle(title: string): Promise<readonly Book[]>;
  byNote(note: string): Promise<readonly Book[]>;
  count(): Promise<number>;
  /** Pairs of titles of books in one branch, joined to the branch, under aliases: the first `limit`, in order. */
  pairs(limit: number): Promise<readonly (readonly [string, string])[]>;
  /** Titles of all that have a book of their own branch beside them, through a common table expression, `exists` and `in`. */
  nested(): Promise<readonly string[]>;
  /** Titles, by a common table expression that is called as the table in it. */
  hidden(): Promise<readonly string[]>;
  /** A column of a table whose names are input, quoted as the library quotes names. */
  named(table: string, column: string): Promise<readonly unknown[]>;
  /** The sealed column. Rejects where the library has no way to it. */
  sealed(id: string): Promise<readonly unknown[]>;
  /** Text that the library takes for SQL. */
  text(sql: string): Promise<readonly unknown[]>;
  /** The same statement each time, prepared where the library prepares. */
  prepared(title: string): Promise<readonly Book[]>;
  insert(book: Omit<Book, "id">, branch: string): Promise<unknown>;
  update(id: string, title: string): Promise<unknown>;
  remove(id: string): Promise<unknown>;
  /** Runs in a transaction: gives back what `act` gives, and keeps nothing where it rejects. Null where there are none. */
  readonly transaction: (<T>(act: (path: DataPath) => Promise<T>) => Promise<T>) | null;
}

export interface Adapter {
  readonly name: string;
  on(session: Session<Tables>): DataPath;
  /** What becomes of a write: done as the policy says, or refused with this code. */
  readonly writes: "guarded" | `${string} ${string}`;
  /** What becomes of a sealed column: opened, or refused with this code. */
  readonly seals: "opened" | `${string} ${string}`;
}
