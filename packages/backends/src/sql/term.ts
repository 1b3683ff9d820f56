/** Values while a view is made: known before any row is, absent, or an expression over the row. */
import type { SqlExpression, SqlType, WireScalar } from "@wardline/core";

export type Term =
  | { readonly kind: "known"; readonly value: WireScalar }
  | { readonly kind: "absent" }
  | SqlTerm;

/** `nullable`: NULL where the value is absent. */
export interface SqlTerm {
  readonly kind: "sql";
  readonly expression: SqlExpression;
  readonly type: SqlType;
  readonly nullable: boolean;
}

export type SetTerm =
  | { readonly kind: "known"; readonly values: readonly WireScalar[] }
  | { readonly kind: "absent" }
  /** An array that is not known yet. `type` is that of its elements. */
  | {
      readonly kind: "array";
      readonly expression: SqlExpression;
      readonly type: SqlType;
      readonly nullable: boolean;
    }
  /** The rows of a side table that belong to one owner. `nullable`: absent where the owner's key is NULL. */
  | {
      readonly kind: "side";
      readonly table: string;
      readonly owner: string;
      readonly value: string;
      readonly key: SqlExpression;
      readonly nullable: boolean;
      readonly type: SqlType;
    };
