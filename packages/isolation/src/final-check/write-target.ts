/** The table that a write changes, and what may be said of it: declared columns under a name that nothing else has. */
import type { Node, RangeVar, ReturningClause } from "libpg-query";
import { checkTable, type BaseTable } from "./base-table.ts";
import {
  checkExpression,
  expected,
  onlyParts,
  type CheckedTable,
  type Checking,
  type Names,
  type Relation,
} from "./checking.ts";
import { Refused } from "./rules.ts";
import { checkTargets } from "./select.ts";

export function checkTarget(checking: Checking, relation: RangeVar | undefined): BaseTable {
  if (relation === undefined) throw new Refused("node/part");
  const target = checkTable(checking, relation);
  checking.demand("target/table", !target.table.readOnly && target.table.tenant !== null);
  checking.found.targets.add(target.relation.name);
  return target;
}

/**
 * What an expression of a write may say of its target: nothing but the key, by which its rows are found and told. Values come from
 * elsewhere, so that nothing is computed from a row that nobody has shown.
 */
export function namedOf({ table, relation }: BaseTable): Relation {
  return { ...relation, columns: relation.columns.filter(({ name }) => table.key.includes(name)) };
}

/** `column = value`, each column once; never the tenant's, and never the key's. */
export function checkAssignments(
  checking: Checking,
  { table }: BaseTable,
  names: Names,
  list: readonly Node[],
): readonly Node[] {
  const seen = new Set<string>();
  const assigned = list.map((item) => {
    const { name = "", ...parts } = expected(item, "ResTarget");
    onlyParts(checking, parts, ["val"]);
    checking.demand("target/tenant", name !== table.tenant);
    checking.demand("target/column", table.columns.has(name) && !table.key.includes(name) && !seen.has(name));
    seen.add(name);
    return { ResTarget: { name, val: checkExpression(checking, names, parts.val).node } };
  });
  demandPairs(checking, table, seen);
  return assigned;
}

/** A sealed column and its blind index are written together or not at all: else a row would be found by a value that it has not. */
export function demandPairs(
  checking: Checking,
  { indexes }: CheckedTable,
  columns: ReadonlySet<string>,
): void {
  checking.demand(
    "index/pair",
    [...indexes].every(([index, of]) => columns.has(index) === columns.has(of)),
  );
}

/** Columns by name: `old`, `new`, `*` and whole rows are none. */
export function checkReturning(
  checking: Checking,
  names: Names,
  clause: ReturningClause | undefined,
): { readonly returningClause?: ReturningClause } {
  if (clause === undefined) return {};
  onlyParts(checking, clause, ["exprs"]);
  return { returningClause: { exprs: checkTargets(checking, names, clause.exprs ?? []).targets } };
}
