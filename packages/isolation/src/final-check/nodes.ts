/** Nodes of a checked statement, as the parser makes them of the printed text. */
import type { Node } from "libpg-query";
import { Refused } from "./rules.ts";

export function nameNode(text: string): Node {
  return { String: { sval: text } };
}

export function columnNode(...path: readonly string[]): Node {
  return { ColumnRef: { fields: path.map(nameNode) } };
}

export const tenantNode: Node = { ParamRef: { number: 1 } };

/** An operator by its name in pg_catalog. */
export function operatorNode(
  kind: "AEXPR_OP" | "AEXPR_OP_ANY" | "AEXPR_OP_ALL",
  name: string,
  left: Node | undefined,
  right: Node,
): Node {
  const path = [nameNode("pg_catalog"), nameNode(name)];
  return { A_Expr: { kind, name: path, ...(left === undefined ? {} : { lexpr: left }), rexpr: right } };
}

/** AND and OR of what is already one of them on the left are one list to the parser, whatever parentheses say. */
export function boolNode(boolop: "AND_EXPR" | "OR_EXPR" | "NOT_EXPR", args: readonly Node[]): Node {
  const [first, ...rest] = args;
  if (first === undefined) throw new Refused("node/part");
  const flat = "BoolExpr" in first && first.BoolExpr.boolop === boolop && boolop !== "NOT_EXPR";
  return { BoolExpr: { boolop, args: flat ? [...(first.BoolExpr.args ?? []), ...rest] : [...args] } };
}

export function rowNode(args: readonly Node[]): Node {
  return { RowExpr: { args: [...args], row_format: "COERCE_IMPLICIT_CAST" } };
}
