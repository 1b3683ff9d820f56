/**
 * A small SQL tree: what a guarded view is made of. Postgres dialect. Identifiers are names as the model gives them;
 * the printer quotes them. There is no node for raw text, and no value is ever printed: values are parameters.
 */
export type SqlType =
  | "boolean"
  | "bigint"
  | "numeric"
  | "text"
  | "timestamptz"
  | "uuid"
  | "bytea"
  | "inet"
  | "date"
  | "time"
  | "interval"
  | "timestamp"
  | "boolean[]"
  | "text[]"
  | "uuid[]"
  | "numeric[]"
  | "bigint[]"
  | "timestamptz[]"
  | "inet[]"
  | "date[]"
  | "time[]";

/** What a driver is given for a parameter; instants and decimals as text, big integers as text. */
export type SqlValue = string | number | boolean | null | readonly string[];

export type SqlExpression =
  | { readonly kind: "column"; readonly table: string; readonly column: string }
  /** Printed as `$n::type`; the tenant as `$n` alone, since a driver knows that number and fills it by itself. */
  | {
      readonly kind: "parameter";
      readonly value: SqlValue;
      readonly type: SqlType;
      readonly tenant?: true;
    }
  /** A fact that is not known yet; printed as `:name::type` by the template printer, refused by the other. */
  | { readonly kind: "placeholder"; readonly name: string; readonly type: SqlType }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null"; readonly type: SqlType }
  /** A text constant made by the compiler, never from data: mask signs, separators. */
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "and" | "or"; readonly of: readonly SqlExpression[] }
  | { readonly kind: "not"; readonly of: SqlExpression }
  | {
      readonly kind: "binary";
      /** `<<=`: an address lies in a network. */
      readonly op:
        | "="
        | "<"
        | "<="
        | ">"
        | ">="
        | "IS DISTINCT FROM"
        | "IS NOT DISTINCT FROM"
        | "||"
        | "+"
        | "-"
        | "<<=";
      readonly left: SqlExpression;
      readonly right: SqlExpression;
    }
  | { readonly kind: "is_null"; readonly of: SqlExpression; readonly negated: boolean }
  /** `of IS [NOT] TRUE`: never UNKNOWN itself, so it may be negated. */
  | { readonly kind: "is_true"; readonly of: SqlExpression; readonly negated: boolean }
  /** `coalesce(of, otherwise)` */
  | { readonly kind: "coalesce"; readonly of: SqlExpression; readonly otherwise: SqlExpression }
  /** The same value, compared and ordered by its bytes: `of COLLATE "C"`. */
  | { readonly kind: "byte_order"; readonly of: SqlExpression }
  /** An expression with words for people about it; only the template printer shows them. */
  | { readonly kind: "note"; readonly text: string; readonly of: SqlExpression }
  /** `left = ANY(array)` */
  | { readonly kind: "any"; readonly left: SqlExpression; readonly array: SqlExpression }
  | { readonly kind: "exists"; readonly query: SqlSelect; readonly negated: boolean }
  /** The one cell of a select that gives at most one row; NULL where it gives none. */
  | { readonly kind: "scalar"; readonly query: SqlSelect }
  | {
      readonly kind: "case";
      readonly when: readonly { readonly condition: SqlExpression; readonly result: SqlExpression }[];
      readonly otherwise: SqlExpression;
    }
  | { readonly kind: "cast"; readonly of: SqlExpression; readonly type: SqlType }
  /** A function of pg_catalog. */
  | { readonly kind: "call"; readonly name: SqlFunction; readonly args: readonly SqlExpression[] };

export type SqlFunction =
  | "cardinality"
  | "char_length"
  | "convert_to"
  | "date_trunc"
  | "encode"
  | "left"
  | "mod"
  | "regexp_replace"
  | "right"
  | "starts_with"
  | "strpos";

export type SqlSource =
  | { readonly kind: "table"; readonly schema: string; readonly table: string; readonly alias: string }
  | { readonly kind: "select"; readonly select: SqlSelect; readonly alias: string; readonly lateral: boolean }
  /** A common table expression of an enclosing select. */
  | { readonly kind: "cte"; readonly name: string; readonly alias: string };

export interface SqlSelect {
  readonly kind: "select";
  /** `with recursive name(columns) as (base union step)`; union removes duplicates, so a cycle ends. */
  readonly recursive?: {
    readonly name: string;
    readonly columns: readonly string[];
    readonly base: SqlSelect;
    readonly step: SqlSelect;
  };
  /** None: `SELECT 1`, for EXISTS. */
  readonly columns: readonly { readonly expression: SqlExpression; readonly as: string }[];
  readonly from: SqlSource | null;
  /** Inner joins, or left ones. */
  readonly joins: readonly {
    readonly source: SqlSource;
    readonly on: SqlExpression;
    readonly left?: true;
  }[];
  readonly where: SqlExpression | null;
  readonly unionAll?: readonly SqlSelect[];
  /** Ends in `OFFSET 0`, which keeps the planner from running a caller's expression on excluded rows. */
  readonly fence: boolean;
}
