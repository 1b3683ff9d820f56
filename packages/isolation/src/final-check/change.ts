/** UPDATE and DELETE: of rows of the tenant, by the same conjunct as in a select. */
import type { DeleteStmt, Node, UpdateStmt } from "libpg-query";
import { takeTenant, withTenant, type BaseTable } from "./base-table.ts";
import { checkExpression, onlyParts, type Checking, type Names } from "./checking.ts";
import { checkFrom } from "./from.ts";
import { checkAssignments, checkReturning, checkTarget, namedOf } from "./write-target.ts";

export function checkUpdate(checking: Checking, update: UpdateStmt, outside: Names): UpdateStmt {
  onlyParts(checking, update, ["relation", "targetList", "whereClause", "fromClause", "returningClause"]);
  const target = checkTarget(checking, update.relation);
  const { names, from } = besides(checking, target, update.fromClause ?? [], outside);
  return {
    relation: target.node,
    targetList: [...checkAssignments(checking, target, names, update.targetList ?? [])],
    ...where(checking, target, names, update.whereClause),
    ...(from.length === 0 ? {} : { fromClause: [...from] }),
    ...checkReturning(checking, names, update.returningClause),
  };
}

export function checkDelete(checking: Checking, remove: DeleteStmt, outside: Names): DeleteStmt {
  onlyParts(checking, remove, ["relation", "usingClause", "whereClause", "returningClause"]);
  const target = checkTarget(checking, remove.relation);
  const { names, from } = besides(checking, target, remove.usingClause ?? [], outside);
  return {
    relation: target.node,
    ...(from.length === 0 ? {} : { usingClause: [...from] }),
    ...where(checking, target, names, remove.whereClause),
    ...checkReturning(checking, names, remove.returningClause),
  };
}

/** The target, and the relations whose rows choose among it. */
function besides(
  checking: Checking,
  target: BaseTable,
  items: readonly Node[],
  outside: Names,
): { readonly names: Names; readonly from: readonly Node[] } {
  const { nodes, relations } = checkFrom(checking, items, { ...outside, relations: [], outer: null });
  const names: Names = { ...outside, relations: [namedOf(target), ...relations], level: "own", outer: null };
  return { names, from: nodes };
}

function where(
  checking: Checking,
  target: BaseTable,
  names: Names,
  condition: Node | undefined,
): { readonly whereClause?: Node } {
  const { conjunct, rest } = takeTenant(checking, target, condition);
  const whereClause = withTenant(
    conjunct,
    rest.map((part) => checkExpression(checking, names, part).node),
  );
  return whereClause === undefined ? {} : { whereClause };
}
