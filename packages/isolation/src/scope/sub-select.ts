/** Sub-selects inside expressions. */
import type { OperationNode } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { sealedColumn } from "./reference.ts";
import type { Scope } from "./relation.ts";
import type { Derived, Rewriting } from "./rewriting.ts";

/** A sub-select in place of one value. The server raises an error where it has two rows, and so could tell of a row outside. */
export function scalarSelect(rewriting: Rewriting, scope: Scope, node: OperationNode): Derived {
  rewriting.fence.keep();
  return rewriting.select(node, scope);
}

export function onlyColumn(derived: Derived): Derived["columns"][number] {
  const [only, ...more] = derived.columns;
  if (only === undefined || more.length > 0)
    throw new UnsupportedQuery(
      "query/unsupported-node",
      "a sub-select in place of a value has not one column",
    );
  return only;
}

export function unsealed(derived: Derived): Derived {
  const sealed = derived.columns.find((column) => column.sealed !== null);
  if (sealed !== undefined) throw sealedColumn(sealed.name);
  return derived;
}
