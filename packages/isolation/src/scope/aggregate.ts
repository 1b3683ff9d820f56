/** Aggregates and window functions, with `distinct`, `order by`, `filter` and `over`. Their arguments are expressions like any other. */
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
import { aggregateCall, aggregateForm } from "./aggregate-function.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { orderItem, refusePosition } from "./order.ts";
import { joined, nothing, sql, word, type Sql } from "./text.ts";
import type { Typed } from "./type.ts";

type TypedOf = (child: OperationNode) => Typed;

export function aggregate(node: OperationNode, inner: TypedOf): Typed {
  onlyKeys(node, ["func", "aggregated", "distinct", "orderBy", "filter", "over"]);
  const { func, aggregated, distinct, orderBy, filter, over } = node as AggregateFunctionNode;
  const form = aggregateForm(func);
  if (form.window === true && over === undefined)
    throw new UnsupportedQuery(
      "query/unsupported-function",
      `${func} stands over a window alone: add .over(…)`,
    );
  const { name, args, type } = called(func, aggregated, inner);
  const text = (child: OperationNode): Sql => inner(child).text;
  const order = orderBy === undefined ? nothing : sql` order by ${joined(orderOf(orderBy, text), ", ")}`;
  const list = sql`${distinct === true ? word("distinct ") : nothing}${joined(args, ", ")}${order}`;
  const filtered = filter === undefined ? nothing : sql` filter (where ${text(whereOf(filter))})`;
  const windowed = over === undefined ? nothing : sql` over (${window(over, text)})`;
  return { text: sql`${name}(${list})${filtered}${windowed}`, type };
}

/** `*` stands in `count` alone. A whole row of a table is refused. */
function called(
  func: string,
  nodes: readonly OperationNode[],
  inner: TypedOf,
): ReturnType<typeof aggregateCall> {
  const given = nodes.map((node) =>
    node.kind === "SelectionNode" ? (node as SelectionNode).selection : node,
  );
  if (func === "count" && given.length === 1 && given[0]?.kind === "SelectAllNode") {
    onlyKeys(given[0], []);
    return { ...aggregateCall(func, [{ text: nothing, type: null }]), args: [word("*")] };
  }
  return aggregateCall(func, given.map(inner));
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
  if (node.orderBy !== undefined) parts.push(sql`order by ${joined(orderOf(node.orderBy, inner), ", ")}`);
  return joined(parts, " ");
}

function partition(node: PartitionByNode): readonly OperationNode[] {
  if (node.kind !== "PartitionByNode") return refuseNode(node, "partition by");
  onlyKeys(node, ["items"]);
  return node.items.map((item: PartitionByItemNode) => {
    if (item.kind !== "PartitionByItemNode") return refuseNode(item, "partition by");
    onlyKeys(item, ["partitionBy"]);
    return refusePosition(item.partitionBy);
  });
}

/** The items of an ORDER BY inside a call or a window, where no output column can be named. */
function orderOf(node: OrderByNode, inner: (child: OperationNode) => Sql): readonly Sql[] {
  if (node.kind !== "OrderByNode") return refuseNode(node, "order by");
  onlyKeys(node, ["items"]);
  return node.items.map((item) => orderItem(item, inner));
}
