/** What a policy asks of rows, as texts that a database can keep as row-level security. Only types stand here. */

/** The commands that Postgres has policies for. */
export type RowCommand = "select" | "insert" | "update" | "delete";

/** One table of a program: who asks what of which entity. */
export interface RowBranch {
  /** Stands among the `tables` of the facts of a context that may ask it: `Entity/action/Principal`. */
  readonly key: string;
  /** Over one row; TRUE exactly where the row is permitted. Facts are read from the context. */
  readonly where: string;
  /**
   * It looks into other tables, which row-level security of their own would hide from it. Then the row's table has the alias
   * `t` in it, else its own name.
   */
  readonly readsTables: boolean;
}

/** What a command asks of the rows of one table. A row that no branch lets through is not there. */
export interface RowPolicy {
  readonly table: string;
  readonly command: RowCommand;
  /** Of rows as they are stored; null where the command finds none. */
  readonly using: readonly RowBranch[] | null;
  /** Of rows as they will be stored; null where the command stores none. */
  readonly check: readonly RowBranch[] | null;
}

/** How the texts read the context that the transaction has entered. */
export interface ContextReader {
  /** An expression for a fact, of the type that it is cast to; a set of values has an array's type. NULL where it is absent. */
  fact(name: string, type: string): string;
  /** An expression for the tenant, as text. */
  readonly tenant: string;
}
