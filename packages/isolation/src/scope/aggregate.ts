/** Aggregates, with `distinct`, `filter` and `over`. Their arguments are expressions like any other. */
import type {
  AggregateFunctionNode,
  OperationNode,
  OrderByNode,
  OverNode,
  PartitionByItemNode,
  PartitionByNode,
  SelectionNode,
  WhereNode,
} from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { aggregateFunction } from "./allow-list.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { orderItem, refusePosition } from "./order.ts";
import { joined, nothing, sql, word, type Sql } from "./text.ts";

export function aggregate(node: OperationNode, inner: (child: OperationNode) => Sql): Sql {
  onlyKeys(node, ["func", "aggregated", "distinct", "filter", "over"]);
  const { func, aggregated, distinct, filter, over } = node as AggregateFunctionNode;
  const call = sql`${aggregateFunction(func)}(${distinct === true ? word("distinct ") : nothing}${argument(func, aggregated, inner)})`;
  const filtered = filter === undefined ? nothing : sql` filter (where ${inner(whereOf(filter))})`;
  return sql`${call}${filtered}${over === undefined ? nothing : sql` over (${window(over, inner)})`}`;
}

/** One expression, or `*` for `count`. A whole row of a table is refused. */
function argument(func: string, nodes: readonly OperationNode[], inner: (child: OperationNode) => Sql): Sql {
  const only = nodes[0];
  if (nodes.length !== 1 || only === undefined)
    throw new UnsupportedQuery("query/unsupported-function", `${func} takes one argument`);
  const node = only.kind === "SelectionNode" ? (only as SelectionNode).selection : only;
  return func === "count" && node.kind === "SelectAllNode" ? word("*") : inner(node);
}

export function whereOf(node: WhereNode): OperationNode {
  if (node.kind !== "WhereNode") return refuseNode(node, "filter");
  onlyKeys(node, ["where"]);
  return node.where;
}

function window(node: OverNode, inner: (child: OperationNode) => Sql): Sql {
  if (node.kind !== "OverNode") return refuseNode(node, "over");
  onlyKeys(node, ["orderBy", "partitionBy"]);
  const parts: Sql[] = [];
  if (node.partitionBy !== undefined)
    parts.push(sql`partition by ${joined(partition(node.partitionBy).map(inner), ", ")}`);
  if (node.orderBy !== undefined) parts.push(sql`order by ${joined(windowOrder(node.orderBy, inner), ", ")}`);
  return joined(parts, " ");
}

function partition(node: PartitionByNode): readonly OperationNode[] {
  onlyKeys(node, ["items"]);
  return node.items.map((item: PartitionByItemNode) => {
    if (item.kind !== "PartitionByItemNode") return refuseNode(item, "partition by");
    onlyKeys(item, ["partitionBy"]);
    return refusePosition(item.partitionBy);
  });
}

function windowOrder(node: OrderByNode, inner: (child: OperationNode) => Sql): readonly Sql[] {
  onlyKeys(node, ["items"]);
  return node.items.map((item) => orderItem(item, inner));
}
