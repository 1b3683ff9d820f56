import type { Obligation } from "../decision/obligation.ts";
import type { SqlSelect } from "./tree.ts";

/** What stands in a query in place of a table: the rows and fields that one principal may see. */
export interface GuardedView {
  readonly entity: string;
  /** `never`: no row can be seen, `always`: every row of the tenant, `conditional`: as the predicate says. */
  readonly residual: "never" | "always" | "conditional";
  /**
   * One column for each stored field and the key, under their column names; without the tenant column. After them the blind
   * indexes of `indexes`.
   */
  readonly select: SqlSelect;
  /** Columns whose cells the process opens or masks: see `sealed-cell.ts`. */
  readonly sealedColumns: readonly string[];
  /**
   * The blind indexes of sealed columns that are searchable, by which equal values are found. NULL in each row in which the
   * column is not shown whole: what is not shown cannot be searched. No caller may name one.
   */
  readonly indexes: readonly { readonly column: string; readonly index: string }[];
  /**
   * What else a permit of some row may ask for, each once: `audit`, `notify`, and the limits that a list draws from. Who
   * reads the view must carry out all of it, or read nothing.
   */
  readonly duties: readonly Obligation[];
  /** Ids of the rules that grant to who asks, in the order of the program: each row that is shown is permitted by one of them at least. */
  readonly rules: readonly string[];
}
