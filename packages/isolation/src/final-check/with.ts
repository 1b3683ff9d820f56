/** WITH: each expression sees those before it, and itself only where it is a recursive union. */
import type { CommonTableExpr, SelectStmt, WithClause } from "libpg-query";
import {
  checkSelect,
  demandNoIndex,
  expected,
  onlyParts,
  texts,
  type CheckedSelect,
  type Checking,
  type Column,
  type Names,
} from "./checking.ts";
import { Refused } from "./rules.ts";

export function checkWith(
  checking: Checking,
  clause: WithClause | undefined,
  outside: Names,
): { readonly node: WithClause | undefined; readonly ctes: Names["ctes"] } {
  if (clause === undefined) return { node: undefined, ctes: outside.ctes };
  onlyParts(checking, clause, ["ctes", "recursive"]);
  const recursive = clause.recursive === true;
  const ctes = new Map(outside.ctes);
  const own = new Set<string>();
  // In WITH RECURSIVE a name means the expression that is still to come, and none outside.
  if (recursive)
    for (const node of clause.ctes ?? []) ctes.delete(expected(node, "CommonTableExpr").ctename ?? "");
  const checked = (clause.ctes ?? []).map((node) => {
    const cte = expected(node, "CommonTableExpr");
    onlyParts(checking, cte, ["ctename", "aliascolnames", "ctematerialized", "ctequery"]);
    const name = cte.ctename ?? "";
    checking.demand("relation/name", name !== "" && !own.has(name));
    own.add(name);
    const select = expected(cte.ctequery, "SelectStmt");
    const sees: Names = { ...outside, relations: [], ctes: new Map(ctes), outer: outside };
    const { node: query, columns } = recursive
      ? checkRecursive(checking, select, sees, cte)
      : checkSelect(checking, select, sees, "table");
    ctes.set(name, renamed(checking, columns, cte));
    const aliascolnames = cte.aliascolnames ?? [];
    const checkedCte: CommonTableExpr = {
      ctename: name,
      ...(aliascolnames.length === 0 ? {} : { aliascolnames }),
      ctematerialized: cte.ctematerialized ?? "CTEMaterializeDefault",
      ctequery: { SelectStmt: query },
    };
    return { CommonTableExpr: checkedCte };
  });
  return { node: { ctes: checked, ...(recursive ? { recursive } : {}) }, ctes };
}

/** The first part of the union says what columns there are; the second one sees them under the expression's own name. */
function checkRecursive(
  checking: Checking,
  select: SelectStmt,
  sees: Names,
  cte: CommonTableExpr,
): CheckedSelect {
  const { op = "SETOP_NONE", all, larg, rarg } = select;
  if (op === "SETOP_NONE") return checkSelect(checking, select, sees, "table");
  onlyParts(checking, select, ["op", "all", "larg", "rarg", "limitOption"]);
  if (op !== "SETOP_UNION" || larg === undefined || rarg === undefined) throw new Refused("node/part");
  const base = checkSelect(checking, larg, sees, "arm");
  const ctes = new Map(sees.ctes).set(cte.ctename ?? "", renamed(checking, base.columns, cte));
  const step = checkSelect(checking, rarg, { ...sees, ctes }, "arm");
  checking.demand("type/common", base.columns.length === step.columns.length);
  demandNoIndex(checking, [...base.columns, ...step.columns]);
  return {
    node: {
      op,
      ...(all === true ? { all } : {}),
      larg: base.node,
      rarg: step.node,
      limitOption: "LIMIT_OPTION_DEFAULT",
    },
    columns: base.columns,
  };
}

function renamed(
  checking: Checking,
  columns: readonly Column[],
  { aliascolnames }: CommonTableExpr,
): readonly Column[] {
  const given = texts(aliascolnames);
  checking.demand("column/unknown", given.length <= columns.length);
  return columns.map((column, index) => ({ ...column, name: given[index] ?? column.name }));
}
