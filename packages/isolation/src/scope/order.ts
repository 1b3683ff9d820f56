/** Items of ORDER BY. A bare number would name an output column by its place, so it is refused. */
import type { CollateNode, OperationNode, OrderByItemNode, ParensNode, UnaryOperationNode } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { identifier } from "./identifier.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { fromRaw, rawText } from "./raw.ts";
import { named, nothing, sql, word, type Sql } from "./text.ts";

/** Collations that no locale of the cluster changes. */
export const collations: readonly string[] = ["C", "POSIX", "ucs_basic", "und-x-icu"];

export function orderItem(node: OperationNode, by: (node: OperationNode) => Sql): Sql {
  if (node.kind !== "OrderByItemNode") return refuseNode(node, "order by");
  onlyKeys(node, ["orderBy", "direction", "nulls", "collation"]);
  const { orderBy, direction, nulls, collation } = node as OrderByItemNode;
  const wanted = nulls as string | undefined;
  if (wanted !== undefined && wanted !== "first" && wanted !== "last") return refuseNode(node, "nulls");
  const column = by(refusePosition(orderBy));
  const collated = collation === undefined ? nothing : sql` collate ${collationOf(collation)}`;
  return sql`${column}${collated}${word(direction === undefined ? "" : ` ${directionOf(direction)}`)}${word(wanted === undefined ? "" : ` nulls ${wanted}`)}`;
}

function collationOf(node: CollateNode): Sql {
  if (node.kind !== "CollateNode") return refuseNode(node, "collate");
  onlyKeys(node, ["collation"]);
  const name = identifier(node.collation, "collate");
  if (!collations.includes(name))
    throw new UnsupportedQuery(
      "query/unsupported-function",
      `collation ${name} is not supported: use one of ${collations.join(", ")}`,
    );
  return named("pg_catalog", name);
}

/** The builder writes a direction as raw text; these two texts, whole, are the only ones let through. */
function directionOf(node: OperationNode): "asc" | "desc" {
  const text = rawText(node);
  return text === "asc" || text === "desc" ? text : refuseNode(node, "direction of order by");
}

export function refusePosition(node: OperationNode): OperationNode {
  let at = fromRaw(node, "order by");
  while (at.kind === "ParensNode" || at.kind === "UnaryOperationNode")
    at = fromRaw(
      at.kind === "ParensNode" ? (at as ParensNode).node : (at as UnaryOperationNode).operand,
      "order by",
    );
  if (at.kind === "ValueNode")
    throw new UnsupportedQuery(
      "query/unsupported-node",
      "a value stands where a column is ordered or grouped by",
    );
  return node;
}
