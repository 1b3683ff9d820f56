/** UNION, INTERSECT, EXCEPT. An arm is a select of its own, which sees what the first one sees from outside. */
import type { SetOperationNode } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { withoutParens } from "./parens.ts";
import { sealedColumn } from "./reference.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import type { Column, Scope } from "./relation.ts";
import type { Carry, Derived, Rewriting } from "./rewriting.ts";
import { sql, word } from "./text.ts";

/** Only UNION ALL leaves cells as they are; the others compare them. */
export function setOperation(
  rewriting: Rewriting,
  node: SetOperationNode,
  outside: Scope,
  columns: readonly Column[],
  carry: Carry = "none",
): Derived {
  if (node.kind !== "SetOperationNode") return refuseNode(node, "set operation");
  onlyKeys(node, ["operator", "expression", "all"]);
  const operator = node.operator as string;
  if (operator !== "union" && operator !== "intersect" && operator !== "except")
    return refuseNode(node, "set operation");
  const arm = rewriting.select(withoutParens(node.expression), outside, carry);
  const carries = operator === "union" && node.all;
  if (!carries) refuseSealed([...columns, ...arm.columns]);
  if (arm.columns.length !== columns.length)
    throw new UnsupportedQuery(
      "query/unsupported-node",
      `${operator} of selects with different numbers of columns`,
    );
  for (const [index, column] of columns.entries()) {
    const other = arm.columns[index]?.sealed ?? null;
    if (column.sealed?.entity !== other?.entity || column.sealed?.field !== other?.field)
      throw sealedColumn(column.name);
  }
  return { text: sql`${word(operator)}${word(node.all ? " all" : "")} (${arm.text})`, columns: arm.columns };
}

export function refuseSealed(columns: readonly Column[]): void {
  const sealed = columns.find((column) => column.sealed !== null);
  if (sealed !== undefined) throw sealedColumn(sealed.name);
}
