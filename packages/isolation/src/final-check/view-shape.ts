/**
 * Which selects are guarded views: those that read a table themselves, and those that join look-ups to the rows of one,
 * which stands alone in a sub-select named `t`. Whatever a caller asks stands outside of them.
 */
import type { JoinExpr, Node, RangeSubselect, SelectStmt } from "libpg-query";
import { isTable } from "./base-table.ts";
import { opened } from "./checking.ts";

/** The name that the rows of a view's own table have in it. */
const rowAlias = "t";

export function isView(select: SelectStmt): boolean {
  const [only, ...more] = select.fromClause ?? [];
  if (only === undefined) return false;
  return [only, ...more].some(readsTable) || (more.length === 0 && isLookUp(only));
}

/** True if a view ends in `OFFSET 0`, which the planner looks through for nobody. */
export function isFenced(select: SelectStmt): boolean {
  const { limitOffset, limitCount } = select;
  if (limitOffset === undefined || limitCount !== undefined || !("A_Const" in limitOffset)) return false;
  const { ival } = limitOffset.A_Const;
  return ival !== undefined && (ival.ival ?? 0) === 0;
}

function readsTable(item: Node): boolean {
  if ("RangeVar" in item) return isTable(item.RangeVar);
  if (!("JoinExpr" in item)) return false;
  return [item.JoinExpr.larg, item.JoinExpr.rarg].some((side) => side !== undefined && readsTable(side));
}

/** LEFT JOIN LATERAL … ON TRUE, once or more often, on the left of which the rows stand. */
function isLookUp(item: Node): boolean {
  if (!("JoinExpr" in item)) return false;
  const { jointype, larg, rarg, quals }: JoinExpr = item.JoinExpr;
  if (jointype !== "JOIN_LEFT" || larg === undefined || rarg === undefined) return false;
  const isLateral = "RangeSubselect" in rarg && rarg.RangeSubselect.lateral === true;
  return (
    isLateral &&
    isTrue(quals) &&
    (isLookUp(larg) || ("RangeSubselect" in larg && isRows(larg.RangeSubselect)))
  );
}

/** The rows of one table with nothing done to them but the tenant's condition, which is checked where it stands. */
function isRows({ alias, lateral, subquery }: RangeSubselect): boolean {
  if (alias?.aliasname !== rowAlias || lateral === true || subquery === undefined) return false;
  if (!("SelectStmt" in subquery)) return false;
  const { fromClause = [], targetList = [], whereClause, ...others } = subquery.SelectStmt;
  const [only, ...more] = fromClause;
  return (
    Object.keys(others).every((part) => part === "op" || part === "limitOption") &&
    only !== undefined &&
    more.length === 0 &&
    readsTable(only) &&
    (whereClause === undefined || "A_Expr" in whereClause) &&
    targetList.every((target) => "ResTarget" in target && opened(target.ResTarget.val)[0] === "ColumnRef")
  );
}

function isTrue(node: Node | undefined): boolean {
  return node !== undefined && "A_Const" in node && node.A_Const.boolval?.boolval === true;
}
