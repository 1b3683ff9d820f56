/** What the rewriting of one statement shares: guarded sources, names that no caller can guess wrong, sub-selects. */
import type { OperationNode } from "kysely";
import type { SealedField } from "../contracts.ts";
import type { Fence } from "./fence.ts";
import type { Column, Scope } from "./relation.ts";
import type { Sought } from "./sought.ts";
import type { Sql } from "./text.ts";

/** A rewritten select and what it yields. */
export interface Derived {
  readonly text: Sql;
  readonly columns: readonly Column[];
}

/**
 * Whether a select also yields the blind indexes of the sealed columns that it yields: of all that have one, or for each of its
 * columns by place. They come after the others.
 */
export type Carry = "none" | "all" | readonly boolean[];

export interface Rewriting {
  /** Whether the guarded views of the statement end in a fence. */
  readonly fence: Fence;
  /**
   * The guarded view that stands in place of a table; throws `query/unknown-table`. What a write is about is asked for by
   * `read`, whatever the statement's other tables are asked by.
   */
  source(table: string, asks?: "list" | "read"): Derived;
  /** A new name for a relation. */
  alias(): string;
  /** A nested select; `outer` is what it sees from outside. */
  select(node: OperationNode, outer: Scope, carry?: Carry): Derived;
  /** The parameter that stands for values which are looked for in a sealed field. */
  sought(field: SealedField, values: Sought["values"]): Sql;
}
