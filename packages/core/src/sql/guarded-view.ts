import type { Obligation } from "../decision/obligation.ts";
import type { SqlSelect } from "./tree.ts";

/** What stands in a query in place of a table: the rows and fields that one principal may see. */
export interface GuardedView {
  readonly entity: string;
  /** `never`: no row can be seen, `always`: every row of the tenant, `conditional`: as the predicate says. */
  readonly residual: "never" | "always" | "conditional";
  /** One column for each stored field and the key, under their column names; without the tenant column. */
  readonly select: SqlSelect;
  /** Columns whose cells the process opens or masks: see `sealed-cell.ts`. */
  readonly sealedColumns: readonly string[];
  /**
   * What else a permit of some row may ask for, each once: `audit`, `notify`, and the limits that a list draws from. Who
   * reads the view must carry out all of it, or read nothing.
   */
  readonly duties: readonly Obligation[];
}
