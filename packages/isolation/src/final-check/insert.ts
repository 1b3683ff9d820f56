/** INSERT: every row bears the tenant as `$1` in the tenant's column, and a conflict is one of the same tenant. */
import type { InsertStmt, Node, OnConflictClause, SelectStmt } from "libpg-query";
import { isTenantParameter, type BaseTable } from "./base-table.ts";
import {
  checkExpression,
  checkSelect,
  demandNoIndex,
  expected,
  onlyParts,
  type Checking,
  type Names,
} from "./checking.ts";
import { tenantNode } from "./nodes.ts";
import { Refused } from "./rules.ts";
import { checkAssignments, checkReturning, checkTarget, demandPairs, namedOf } from "./write-target.ts";

export function checkInsert(checking: Checking, insert: InsertStmt, outside: Names): InsertStmt {
  onlyParts(checking, insert, [
    "relation",
    "cols",
    "selectStmt",
    "onConflictClause",
    "returningClause",
    "override",
  ]);
  if (insert.override !== "OVERRIDING_NOT_SET") checking.demand("node/part", false);
  const named =
    insert.relation?.alias === undefined ? { alias: { aliasname: insert.relation?.relname ?? "" } } : {};
  const target = checkTarget(checking, insert.relation && { ...insert.relation, ...named });
  const columns = checkColumns(checking, target, insert.cols ?? []);
  const at = columns.indexOf(target.table.tenant ?? "");
  checking.demand("target/tenant", at !== -1);
  const names: Names = { ...outside, relations: [namedOf(target)], level: "own", outer: null };
  const select = checkRows(checking, expected(insert.selectStmt, "SelectStmt"), outside, at, columns.length);
  return {
    relation: target.node,
    cols: columns.map((name) => ({ ResTarget: { name } })),
    selectStmt: { SelectStmt: select },
    ...checkConflict(checking, target, names, columns, insert.onConflictClause),
    ...checkReturning(checking, names, insert.returningClause),
    override: "OVERRIDING_NOT_SET",
  };
}

function checkColumns(checking: Checking, { table }: BaseTable, cols: readonly Node[]): readonly string[] {
  const names = cols.map((item) => {
    const { name = "", ...parts } = expected(item, "ResTarget");
    onlyParts(checking, parts, []);
    checking.demand("target/column", table.columns.has(name));
    return name;
  });
  checking.demand("target/column", new Set(names).size === names.length);
  demandPairs(checking, table, new Set(names));
  return names;
}

/** VALUES, or a select whose output in the tenant's place is the tenant. */
function checkRows(
  checking: Checking,
  select: SelectStmt,
  outside: Names,
  at: number,
  width: number,
): SelectStmt {
  const values: Names = { ...outside, relations: [], level: "own" };
  const { valuesLists } = select;
  if (valuesLists === undefined) {
    const targets = select.targetList ?? [];
    const stamp = targets[at];
    checking.demand(
      "target/tenant",
      stamp !== undefined && isTenantParameter(expected(stamp, "ResTarget").val) && targets.length === width,
    );
    const { node, columns } = checkSelect(checking, select, outside, "from");
    demandNoIndex(checking, columns);
    // Counted as another use by the check of expressions, and as the stamp here.
    checking.found.firsts -= 1;
    checking.found.tenants += 1;
    return node;
  }
  onlyParts(checking, select, ["valuesLists", "limitOption", "op"]);
  const rows = valuesLists.map((list): Node => {
    const items = expected(list, "List").items ?? [];
    checking.demand("target/column", items.length === width);
    const checked = items.map((item, index) => {
      if (index !== at) return checkExpression(checking, values, item).node;
      checking.demand("target/tenant", isTenantParameter(item));
      checking.found.tenants += 1;
      return isTenantParameter(item) ? tenantNode : checkExpression(checking, values, item).node;
    });
    return { List: { items: checked } };
  });
  return { valuesLists: rows, limitOption: "LIMIT_OPTION_DEFAULT", op: "SETOP_NONE" };
}

function checkConflict(
  checking: Checking,
  target: BaseTable,
  names: Names,
  columns: readonly string[],
  clause: OnConflictClause | undefined,
): { readonly onConflictClause?: OnConflictClause } {
  if (clause === undefined) return {};
  onlyParts(checking, clause, ["action", "infer", "targetList", "whereClause"]);
  const { action, infer } = clause;
  if (action !== "ONCONFLICT_NOTHING" && action !== "ONCONFLICT_UPDATE") throw new Refused("node/part");
  if (infer !== undefined) onlyParts(checking, infer, ["indexElems"]);
  const elements = (infer?.indexElems ?? []).map((item) => {
    const { name = "", ...parts } = expected(item, "IndexElem");
    onlyParts(checking, parts, ["ordering", "nulls_ordering"]);
    checking.demand("target/column", target.table.columns.has(name));
    return {
      name,
      node: { IndexElem: { name, ordering: "SORTBY_DEFAULT", nulls_ordering: "SORTBY_NULLS_DEFAULT" } },
    } as const;
  });
  checking.demand(
    "target/conflict",
    elements.some(({ name }) => name === target.table.tenant),
  );
  const excluded = target.relation.columns.filter(
    ({ name }) => columns.includes(name) && name !== target.table.tenant,
  );
  const sees: Names = { ...names, relations: [...names.relations, { name: "excluded", columns: excluded }] };
  const assigned = checkAssignments(checking, target, sees, clause.targetList ?? []);
  return {
    onConflictClause: {
      action,
      infer: { indexElems: elements.map(({ node }) => node) },
      ...(assigned.length === 0 ? {} : { targetList: [...assigned] }),
      ...(clause.whereClause === undefined
        ? {}
        : { whereClause: checkExpression(checking, sees, clause.whereClause).node }),
    },
  };
}
