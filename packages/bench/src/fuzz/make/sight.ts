/** What stands in sight of a place in a statement that is being made. */
import type { Expr, Plain } from "../statement/language.ts";
import type { Kind, Table } from "../world/tables.ts";
import type { Maker } from "./maker.ts";

export interface SeenColumn {
  readonly name: string;
  readonly kind: Kind;
  readonly sealed: boolean;
  readonly searchable?: boolean;
  /** The stored column that it shows. */
  readonly of: { readonly table: string; readonly column: string } | null;
}

export interface Seen {
  readonly name: string;
  readonly columns: readonly SeenColumn[];
}

export interface Sight {
  readonly relations: readonly Seen[];
  readonly commons: ReadonlyMap<string, readonly SeenColumn[]>;
  readonly outer: Sight | null;
}

export const nothingInSight: Sight = { relations: [], commons: new Map(), outer: null };

export function columnsOfTable(table: Table): readonly SeenColumn[] {
  return table.columns.map(({ name, kind, sealed, searchable = false }) => ({
    name,
    kind,
    sealed,
    searchable,
    of: { table: table.name, column: name },
  }));
}

export interface Candidate {
  readonly relation: Seen;
  readonly column: SeenColumn;
}

/** Columns of the nearest scope, or of an outer one. */
export function candidates(sight: Sight, outer: boolean): readonly Candidate[] {
  const own = sight.relations.flatMap((relation) => relation.columns.map((column) => ({ relation, column })));
  if (!outer || sight.outer === null) return own;
  // An outer relation is hidden by one of the same name.
  const hidden = new Set(sight.relations.map(({ name }) => name));
  return candidates(sight.outer, false).filter(({ relation }) => !hidden.has(relation.name));
}

export function columnExpr(maker: Maker, sight: Sight, { relation, column }: Candidate): Expr {
  const same = sight.relations.flatMap(({ columns }) => columns.filter(({ name }) => name === column.name));
  const bare = same.length === 1 && sight.relations.includes(relation) && maker.random.chance(0.15);
  return { e: "column", table: bare ? null : relation.name, column: column.name };
}

const castTypes: Readonly<Partial<Record<Kind, string>>> = {
  bool: "boolean",
  whole: "bigint",
  number: "numeric",
  text: "text",
  instant: "timestamptz",
  uuid: "uuid",
  date: "date",
};

/** The type that a value is cast to, so that it has one; undefined where casts do not go. */
export const castType = (kind: Kind): string | undefined => castTypes[kind];

/** A value that has its type by itself. */
export function typedValue(kind: Kind, value: Plain): Expr {
  const type = castType(kind);
  return type === undefined ? { e: "value", value } : { e: "cast", of: { e: "value", value }, type };
}

export function distinctNames(columns: readonly SeenColumn[]): readonly SeenColumn[] | null {
  return new Set(columns.map(({ name }) => name)).size === columns.length ? columns : null;
}
