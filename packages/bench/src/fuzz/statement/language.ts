/**
 * Statements as data, so that one can be built for several databases, printed, kept, and made smaller. Every value is plain
 * JSON.
 */
export type Plain = string | number | boolean | null;

export type Expr =
  | { readonly e: "column"; readonly table: string | null; readonly column: string }
  | { readonly e: "value"; readonly value: Plain }
  | { readonly e: "literal"; readonly value: number | boolean | null }
  | { readonly e: "binary"; readonly op: string; readonly left: Expr; readonly right: Expr }
  | { readonly e: "and" | "or" | "tuple"; readonly of: readonly Expr[] }
  | { readonly e: "not" | "minus" | "parens"; readonly of: Expr }
  | {
      readonly e: "in";
      readonly not: boolean;
      readonly left: Expr;
      readonly right: readonly Plain[] | readonly Expr[] | Query;
    }
  | {
      readonly e: "between";
      readonly symmetric: boolean;
      readonly of: Expr;
      readonly low: Expr;
      readonly high: Expr;
    }
  | { readonly e: "is"; readonly not: boolean; readonly of: Expr; readonly value: boolean | null }
  | { readonly e: "exists"; readonly not: boolean; readonly query: Query }
  | { readonly e: "scalar"; readonly query: Query }
  | { readonly e: "call"; readonly name: string; readonly of: readonly Expr[] }
  | {
      readonly e: "aggregate";
      readonly name: string;
      /** Null for `count(*)`. */
      readonly of: Expr | null;
      /** Further arguments. */
      readonly more?: readonly Expr[];
      /** The order of what is gathered. */
      readonly order?: readonly Order[];
      readonly distinct: boolean;
      readonly filter: Expr | null;
      readonly over: { readonly partition: readonly Expr[]; readonly order: readonly Order[] } | null;
    }
  | {
      readonly e: "case";
      readonly of: Expr | null;
      readonly when: readonly { readonly condition: Expr; readonly result: Expr }[];
      readonly otherwise: Expr | null;
    }
  | { readonly e: "cast"; readonly of: Expr; readonly type: string }
  /** A step into a value of JSON in a column. */
  | {
      readonly e: "json";
      readonly table: string;
      readonly column: string;
      readonly as: "->" | "->>";
      readonly at: number | string;
    }
  /** `= any` of a list or of a query. */
  | { readonly e: "any"; readonly left: Expr; readonly of: readonly Plain[] | Query }
  /** A raw fragment: text with an expression between each two parts. */
  | {
      readonly e: "raw";
      readonly text: readonly string[];
      readonly of: readonly Expr[];
      /** It tries what is to be refused, or to fail on hidden rows alone. */
      readonly hostile?: boolean;
    };

export interface Order {
  readonly by: Expr;
  readonly descending: boolean | null;
  readonly nulls: "first" | "last" | null;
  readonly collate?: string;
}

export type Item =
  | { readonly kind: "all" }
  | { readonly kind: "all of"; readonly table: string }
  | {
      readonly kind: "column";
      readonly table: string | null;
      readonly column: string;
      readonly as: string | null;
    }
  | { readonly kind: "expression"; readonly of: Expr; readonly as: string };

export type Source =
  | { readonly kind: "table"; readonly table: string; readonly as: string | null }
  | { readonly kind: "derived"; readonly query: Query; readonly as: string }
  /** A raw fragment: text alone. */
  | { readonly kind: "raw"; readonly text: string; readonly as: string; readonly hostile?: boolean };

export type JoinKind =
  | "inner"
  | "left"
  | "right"
  | "full"
  | "cross"
  | "inner lateral"
  | "left lateral"
  | "cross lateral";

export interface Join {
  readonly kind: JoinKind;
  readonly source: Source;
  /** Null: `on true`, or none where the kind has none. */
  readonly on: Expr | null;
}

export interface Common {
  readonly name: string;
  readonly columns: readonly string[] | null;
  readonly materialized: boolean | null;
  readonly body: Query | Write;
}

export interface Query {
  readonly kind: "select";
  /** Built by a Kysely that knows no database, as a query from elsewhere is. */
  readonly foreign: boolean;
  readonly recursive: boolean;
  readonly with: readonly Common[];
  readonly from: readonly Source[];
  readonly joins: readonly Join[];
  readonly select: readonly Item[];
  readonly distinct: "no" | "yes" | readonly Expr[];
  readonly where: Expr | null;
  readonly group: readonly Expr[];
  readonly having: Expr | null;
  readonly arms: readonly { readonly op: SetOperator; readonly query: Query }[];
  readonly order: readonly Order[];
  readonly limit: number | null;
  /** Instead of a limit. */
  readonly fetch?: { readonly rows: number; readonly ties: boolean };
  readonly offset: number | null;
  /** Its order tells each two rows apart that differ: what a limit takes is defined. */
  readonly total: boolean;
}

export type SetOperator = "union" | "unionAll" | "intersect" | "intersectAll" | "except" | "exceptAll";

/** What a column is set to. */
export type Given = { readonly value: Plain } | { readonly of: Expr } | { readonly default: true };

export type Assignments = Readonly<Record<string, Given>>;

export interface Insert {
  readonly kind: "insert";
  readonly table: string;
  readonly as: string | null;
  readonly rows: readonly Assignments[];
  readonly from: { readonly columns: readonly string[]; readonly query: Query } | null;
  readonly conflict:
    | {
        readonly columns: readonly string[];
        /** Null: do nothing. */
        readonly set: Assignments | null;
        readonly where: Expr | null;
      }
    | "any"
    | null;
  readonly returning: readonly Item[] | null;
}

export interface Update {
  readonly kind: "update";
  readonly table: string;
  readonly as: string | null;
  readonly set: Assignments;
  readonly from: readonly Source[];
  readonly where: Expr | null;
  readonly returning: readonly Item[] | null;
}

export interface Delete {
  readonly kind: "delete";
  readonly table: string;
  readonly as: string | null;
  readonly using: readonly Source[];
  readonly where: Expr | null;
  readonly returning: readonly Item[] | null;
}

export interface Merge {
  readonly kind: "merge";
  readonly table: string;
  readonly as: string | null;
  readonly using: Source;
  readonly on: Expr;
  readonly matched: "delete" | "nothing" | Assignments;
  readonly missing: Assignments | null;
}

export type Write = Insert | Update | Delete | Merge;

export type Statement =
  | Query
  | (Write & { readonly with?: readonly Common[] })
  /** Rows by pages; `take`: as many, then the stream is left. */
  | {
      readonly kind: "stream";
      readonly query: Query;
      readonly page: number;
      readonly take: number | null;
    }
  | {
      readonly kind: "transaction";
      readonly statements: readonly Statement[];
      readonly end: "commit" | "throw";
      /** Goes on after a statement that failed. */
      readonly stubborn: boolean;
      /** Each statement stands behind a savepoint, and is undone to it where it failed. */
      readonly savepoints: boolean;
    }
  /** A query whose text is asked, as if someone had written it. */
  | { readonly kind: "text of"; readonly query: Query }
  /** A whole statement as text. */
  | {
      readonly kind: "text";
      readonly text: readonly string[];
      readonly values: readonly (Plain | readonly Plain[])[];
      /** What it is an example of; left out for what is to be refused. */
      readonly shape?: string;
      /** What of its rows is defined; all in order if left out. */
      readonly rows?: "in any order" | "number";
    };
