/** What names mean in a raw statement, as far as the guard has to know: which of them are tables, and what a star stands for. */
import type { Node, SelectStmt } from "libpg-query";
import { IsolationViolation, UnsupportedQuery } from "../errors.ts";

/** Names of outputs in order; null for one that has no name to call it by. */
export type Outputs = readonly (string | null)[];

export interface RawRelation {
  readonly name: string;
  readonly columns: Outputs;
}

/** A guarded view as a tree. Its parameters are numbered below zero, where no caller's are. */
export interface RawView {
  readonly select: SelectStmt;
  readonly columns: readonly string[];
}

/** Common table expressions in sight; `early` for one that is named before it is defined. */
export type Ctes = ReadonlyMap<string, Outputs | "early">;

export interface RawNames {
  readonly ctes: Ctes;
  /** Those of the FROM of the select at hand, and of no outer one. */
  readonly relations: readonly RawRelation[];
}

export interface RawReading {
  /** Throws `query/unknown-table`. */
  readonly view: (table: string) => RawView;
  readonly parts: RawParts;
}

/** The two parts of the grammar that all others lead back to. */
export interface RawParts {
  select(reading: RawReading, given: SelectStmt, outside: Ctes): RawSelect;
  /** A part of a statement, with the selects in it over views as well. */
  node(reading: RawReading, names: RawNames, node: Node): Node;
}

export interface RawSelect {
  readonly node: SelectStmt;
  readonly columns: Outputs;
}

export function refuseRaw(what: string): never {
  throw new UnsupportedQuery("query/unsupported-node", `raw SQL: ${what}`);
}

export function refuseStatement(): never {
  throw new IsolationViolation(
    "query/raw-statement",
    "raw SQL is one SELECT: write rows by the builder, one statement after the other in a transaction",
  );
}

export function refuseSchema(what: string): never {
  throw new IsolationViolation(
    "query/schema-qualified",
    `raw SQL: ${what} has a schema before it: leave it out`,
  );
}
