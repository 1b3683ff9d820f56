/**
 * Lexical scopes. Every relation in a query gets a name of our own making, and every column is printed with it, so
 * that a name in the text can mean nothing else to the server than it meant here.
 */
import type { SealedField } from "../contracts.ts";
import { UnsupportedQuery } from "../errors.ts";
import type { Sought } from "./sought.ts";

/**
 * The field whose cell, as only the process can show it, a column carries through however many sub-selects: sealed, or a
 * plain text under a mask that needs a key.
 */
export interface CellField extends SealedField {
  readonly state: "sealed" | "plain";
  readonly entity: string;
  readonly field: string;
}

export interface Column {
  readonly name: string;
  readonly sealed: CellField | null;
  /** The column of the same relation that holds its blind index; left out where none does. No caller can name it. */
  readonly index?: string;
  /** The entity whose key it is, through however many sub-selects. */
  readonly key?: string;
  /** For the record or a check alone: taken out before rows are shown. */
  readonly hidden?: boolean;
  /** What the cell has to hold, since the row was found by its blind index: looked at before the row is shown. */
  readonly holds?: Sought;
  /** The type in the database, as `format_type` prints it without a modifier; left out where it is not known. */
  readonly type?: string;
}

export interface Relation {
  /** The name in the text. */
  readonly alias: string;
  readonly columns: readonly Column[];
}

export interface Scope {
  /** By the caller's name. */
  readonly relations: ReadonlyMap<string, Relation>;
  /** Common table expressions in sight, by the caller's name; a text where one is named too early, and why that is refused. */
  readonly ctes: ReadonlyMap<string, Relation | string>;
  readonly outer: Scope | null;
}

export const emptyScope: Scope = { relations: new Map(), ctes: new Map(), outer: null };

/** Whether rows of a query outside can be seen from here. */
export function seesOutside({ outer }: Scope): boolean {
  return outer !== null && (outer.relations.size > 0 || seesOutside(outer));
}

export interface Resolved {
  readonly relation: Relation;
  readonly column: Column;
}

/** The column that a name means here, in this scope or the nearest outer one that knows the name. */
export function resolveColumn(scope: Scope, table: string | null, column: string): Resolved {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const found = table === null ? findBare(at, column) : findQualified(at, table, column);
    if (found !== undefined) return found;
  }
  const name = table === null ? column : `${table}.${column}`;
  throw new UnsupportedQuery("query/unknown-column", `column ${name} is unknown here`);
}

/** The relation that a name means in this scope alone. */
export function resolveRelation(scope: Scope, table: string): Relation {
  const relation = scope.relations.get(table);
  if (relation === undefined)
    throw new UnsupportedQuery("query/unknown-table", `table ${table} is unknown here`);
  return relation;
}

/** A column of this scope alone, by its bare name. */
export function findBare(scope: Scope, column: string): Resolved | undefined {
  const found = [...scope.relations.values()].flatMap((relation) =>
    relation.columns
      .filter((candidate) => candidate.name === column)
      .map((match) => ({ relation, column: match })),
  );
  if (found.length > 1)
    throw new UnsupportedQuery("query/ambiguous-column", `column ${column} is in several tables`);
  return found[0];
}

/** A relation that is known by the name but lacks the column ends the search: it hides outer ones. */
function findQualified(scope: Scope, table: string, column: string): Resolved | undefined {
  const relation = scope.relations.get(table);
  if (relation === undefined) return undefined;
  const match = relation.columns.find((candidate) => candidate.name === column);
  if (match === undefined)
    throw new UnsupportedQuery("query/unknown-column", `column ${table}.${column} is unknown`);
  return { relation, column: match };
}

/** Adds a relation under a caller's name that no other in the same scope may have. */
export function addRelation(relations: Map<string, Relation>, name: string, relation: Relation): void {
  if (relations.has(name))
    throw new UnsupportedQuery("query/duplicate-name", `${name} names two tables here`);
  relations.set(name, relation);
}
