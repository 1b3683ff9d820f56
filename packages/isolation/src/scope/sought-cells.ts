/**
 * Cells of rows that are found by a blind index, added to what a select yields: an index only says what stands beside it, so the cell
 * is looked at before the row is shown. Where rows are merged, and in sub-selects, there is no row to look at.
 */
import type { AndNode, BinaryOperationNode, OperationNode, OperatorNode, SelectQueryNode } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { withoutParens } from "./parens.ts";
import type { Column, Scope } from "./relation.ts";
import type { Derived } from "./rewriting.ts";
import { soughtAt } from "./sealed-comparison.ts";
import { Sought } from "./sought.ts";
import { joined, named, sql } from "./text.ts";
import { showsRows } from "./traced-keys.ts";

const ours = "wardline:sought:";

export function withSoughtCells(select: SelectQueryNode, scope: Scope, list: Derived): Derived {
  if (select.where?.kind !== "WhereNode" || list.columns.length === 0 || !showsRows(select)) return list;
  const found = conditionsOf(select.where.where).flatMap((condition) => soughtIn(scope, condition) ?? []);
  if (found.length === 0) return list;
  if (list.columns.some(({ name }) => name.startsWith(ours)))
    throw new UnsupportedQuery("query/duplicate-name", `no column can be called ${ours}…`);
  const hidden = found.map(({ column, field, values }, at): Column => ({
    name: `${ours}${at}`,
    sealed: column.sealed,
    hidden: true,
    holds: new Sought(field, values),
  }));
  const texts = found.map(
    ({ relation, column }, at) => sql`${named(relation.alias, column.name)} as ${named(`${ours}${at}`)}`,
  );
  return { ...list, text: joined([list.text, ...texts], ", "), columns: [...list.columns, ...hidden] };
}

/** What every row that is found meets. */
function conditionsOf(node: OperationNode): readonly OperationNode[] {
  const of = withoutParens(node);
  if (of.kind !== "AndNode") return [of];
  const { left, right } = of as AndNode;
  return [...conditionsOf(left), ...conditionsOf(right)];
}

function soughtIn(scope: Scope, node: OperationNode): ReturnType<typeof soughtAt> {
  if (node.kind !== "BinaryOperationNode") return null;
  const { operator, leftOperand, rightOperand } = node as BinaryOperationNode;
  if (operator.kind !== "OperatorNode") return null;
  return soughtAt(scope, (operator as OperatorNode).operator, leftOperand, rightOperand);
}
