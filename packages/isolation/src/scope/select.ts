/**
 * A caller's SELECT, rebuilt over guarded views. Whatever of the tree is not read here is refused: nothing is copied
 * through unseen.
 */
import type {
  LimitNode,
  OffsetNode,
  OperationNode,
  SelectModifierNode,
  SelectQueryNode,
  SetOperationNode,
  ValueNode,
} from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { whereOf } from "./aggregate.ts";
import { expression, sealedColumn, withoutParens } from "./expression.ts";
import { fromClause } from "./from.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { orderItem, refusePosition } from "./order.ts";
import { orderKey, type OutputRule } from "./output-name.ts";
import type { Column, Scope } from "./relation.ts";
import type { Derived, Rewriting } from "./rewriting.ts";
import { selectionList } from "./selection.ts";
import { joined, sql, word, type Sql } from "./text.ts";
import { valueParameter } from "./value.ts";
import { withClause } from "./with.ts";

const keys: readonly string[] = [
  "from",
  "selections",
  "distinctOn",
  "joins",
  "groupBy",
  "orderBy",
  "where",
  "frontModifiers",
  "limit",
  "offset",
  "with",
  "having",
  "setOperations",
];

export function rewriteSelect(rewriting: Rewriting, node: OperationNode, outer: Scope): Derived {
  if (node.kind !== "SelectQueryNode") return refuseNode(node, "select");
  onlyKeys(node, keys);
  const select = node as SelectQueryNode;
  const { text: withText, ctes } = withClause(rewriting, select.with, outer);
  const outside: Scope = { relations: new Map(), ctes, outer };
  const { text: from, scope } = fromClause(rewriting, select.from, select.joins ?? [], outside);
  const list = selectionList(rewriting, scope, select.selections ?? []);
  const distinct = isDistinct(select.frontModifiers ?? []);
  if (distinct) refuseSealed(list.columns);
  const inner = (child: OperationNode): Sql => expression(rewriting, scope, child);
  const key = (rule: OutputRule) => (child: OperationNode) =>
    orderKey(rewriting, scope, list.columns, child, rule);
  const arms = (select.setOperations ?? []).map((operation) =>
    setOperation(rewriting, operation, outside, list.columns),
  );

  const parts: Sql[] = [...withText, word("select")];
  const distinctOn = (select.distinctOn ?? []).map((child) => key("output-first")(refusePosition(child)));
  if (distinctOn.length > 0) parts.push(sql`distinct on (${joined(distinctOn, ", ")})`);
  else if (distinct) parts.push(word("distinct"));
  if (list.columns.length > 0) parts.push(list.text);
  if (from !== null) parts.push(sql`from ${from}`);
  if (select.where !== undefined) parts.push(sql`where ${inner(whereOf(select.where))}`);
  if (select.groupBy !== undefined) {
    onlyKeys(select.groupBy, ["items"]);
    const items = select.groupBy.items.map((item) => {
      if (item.kind !== "GroupByItemNode") return refuseNode(item, "group by");
      onlyKeys(item, ["groupBy"]);
      return key("input-first")(refusePosition(item.groupBy));
    });
    parts.push(sql`group by ${joined(items, ", ")}`);
  }
  if (select.having !== undefined) {
    onlyKeys(select.having, ["having"]);
    parts.push(sql`having ${inner(select.having.having)}`);
  }
  parts.push(...arms);
  if (select.orderBy !== undefined) {
    onlyKeys(select.orderBy, ["items"]);
    const rule: OutputRule = arms.length > 0 ? "output-only" : "output-first";
    parts.push(
      sql`order by ${joined(
        select.orderBy.items.map((item) => orderItem(item, key(rule))),
        ", ",
      )}`,
    );
  }
  if (select.limit !== undefined) parts.push(sql`limit ${rowCount(select.limit, "limit")}`);
  if (select.offset !== undefined) parts.push(sql`offset ${rowCount(select.offset, "offset")}`);
  // The parts of a union may come to another type than the first one's.
  const columns =
    arms.length === 0 ? list.columns : list.columns.map(({ name, sealed }) => ({ name, sealed }));
  return { text: joined(parts, " "), columns };
}

function isDistinct(modifiers: readonly SelectModifierNode[]): boolean {
  for (const modifier of modifiers) {
    if (modifier.kind !== "SelectModifierNode") return refuseNode(modifier, "select");
    onlyKeys(modifier, ["modifier"]);
    if (modifier.modifier !== "Distinct") return refuseNode(modifier, "select");
  }
  return modifiers.length > 0;
}

/** Only UNION ALL leaves cells as they are; the others compare them. */
function setOperation(
  rewriting: Rewriting,
  node: SetOperationNode,
  outside: Scope,
  columns: readonly Column[],
): Sql {
  if (node.kind !== "SetOperationNode") return refuseNode(node, "set operation");
  onlyKeys(node, ["operator", "expression", "all"]);
  const operator = node.operator as string;
  if (operator !== "union" && operator !== "intersect" && operator !== "except")
    return refuseNode(node, "set operation");
  const arm = rewriting.select(withoutParens(node.expression), outside);
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
  return sql`${word(operator)}${word(node.all ? " all" : "")} (${arm.text})`;
}

function refuseSealed(columns: readonly Column[]): void {
  const sealed = columns.find((column) => column.sealed !== null);
  if (sealed !== undefined) throw sealedColumn(sealed.name);
}

function rowCount(node: LimitNode | OffsetNode, what: "limit" | "offset"): Sql {
  onlyKeys(node, [what]);
  const count = node.kind === "LimitNode" ? node.limit : node.offset;
  if (count.kind !== "ValueNode") return refuseNode(count, what);
  onlyKeys(count, ["value", "immediate"]);
  const { value } = count as ValueNode;
  const whole = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
  if (!whole || value < 0)
    throw new UnsupportedQuery("query/unsupported-value", `${what} is no whole number of rows`);
  return valueParameter(value);
}
