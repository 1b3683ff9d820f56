/** Items of ORDER BY. A bare number would name an output column by its place, so it is refused. */
import type { OperationNode, OrderByItemNode, ParensNode, RawNode, UnaryOperationNode } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { sql, word, type Sql } from "./text.ts";

export function orderItem(node: OperationNode, by: (node: OperationNode) => Sql): Sql {
  if (node.kind !== "OrderByItemNode") return refuseNode(node, "order by");
  onlyKeys(node, ["orderBy", "direction", "nulls"]);
  const { orderBy, direction, nulls } = node as OrderByItemNode;
  const wanted = nulls as string | undefined;
  if (wanted !== undefined && wanted !== "first" && wanted !== "last") return refuseNode(node, "nulls");
  const column = by(refusePosition(orderBy));
  return sql`${column}${word(direction === undefined ? "" : ` ${directionOf(direction)}`)}${word(wanted === undefined ? "" : ` nulls ${wanted}`)}`;
}

/** The builder writes a direction as raw text; these two texts, whole, are the only ones let through. */
function directionOf(node: OperationNode): "asc" | "desc" {
  const text = rawText(node);
  return text === "asc" || text === "desc" ? text : refuseNode(node, "direction of order by");
}

/** The text of a raw node that is text alone. */
export function rawText(node: OperationNode): string | undefined {
  if (node.kind !== "RawNode") return undefined;
  onlyKeys(node, ["sqlFragments", "parameters"]);
  const { sqlFragments, parameters } = node as RawNode;
  return sqlFragments.length === 1 && parameters.length === 0 ? sqlFragments[0] : undefined;
}

export function refusePosition(node: OperationNode): OperationNode {
  let at = node;
  while (at.kind === "ParensNode" || at.kind === "UnaryOperationNode")
    at = at.kind === "ParensNode" ? (at as ParensNode).node : (at as UnaryOperationNode).operand;
  if (at.kind === "ValueNode")
    throw new UnsupportedQuery(
      "query/unsupported-node",
      "a value stands where a column is ordered or grouped by",
    );
  return node;
}
