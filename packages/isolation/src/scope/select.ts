/**
 * A caller's SELECT, rebuilt over guarded views. Whatever of the tree is not read here is refused: nothing is copied
 * through unseen.
 */
import type {
  FetchNode,
  LimitNode,
  OffsetNode,
  OperationNode,
  SelectModifierNode,
  SelectQueryNode,
  ValueNode,
} from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { whereOf } from "./aggregate.ts";
import { expression } from "./expression.ts";
import { fromClause } from "./from.ts";
import { Hole } from "./hole.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { orderItem, refusePosition } from "./order.ts";
import { orderKey, type OutputRule } from "./output-name.ts";
import type { Column, Scope } from "./relation.ts";
import type { Carry, Derived, Rewriting } from "./rewriting.ts";
import { selectionList } from "./selection.ts";
import { refuseSealed, setOperation } from "./set-operation.ts";
import { withSoughtCells } from "./sought-cells.ts";
import { joined, sql, word, type Sql } from "./text.ts";
import { withTracedKeys } from "./traced-keys.ts";
import { asType, valueType } from "./type.ts";
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
  "fetch",
];

/** `shown`: of a select whose rows are shown, the entities whose rows are to be known by their keys, asked for once the views are known. */
export function rewriteSelect(
  rewriting: Rewriting,
  node: OperationNode,
  outer: Scope,
  carry: Carry = "none",
  shown: (() => ReadonlySet<string>) | null = null,
): Derived {
  if (node.kind !== "SelectQueryNode") return refuseNode(node, "select");
  onlyKeys(node, keys);
  const select = node as SelectQueryNode;
  const { text: withText, ctes } = withClause(rewriting, select.with, outer);
  const outside: Scope = { relations: new Map(), ctes, outer };
  const { text: from, scope } = fromClause(rewriting, select.from, select.joins ?? [], outside);
  const listed = selectionList(rewriting, scope, select.selections ?? [], carry);
  const list =
    shown === null ? listed : withSoughtCells(select, scope, withTracedKeys(select, scope, listed, shown()));
  const distinct = isDistinct(select.frontModifiers ?? []);
  if (distinct) refuseSealed(list.columns);
  const inner = (child: OperationNode): Sql => expression(rewriting, scope, child);
  const key = (rule: OutputRule) => (child: OperationNode) =>
    orderKey(rewriting, scope, list.columns, child, rule);
  const arms = (select.setOperations ?? []).map((operation) =>
    setOperation(
      rewriting,
      operation,
      outside,
      list.columns,
      carry === "none" ? carry : carriedBy(list, carry),
    ),
  );

  const parts: Sql[] = [...withText, word("select")];
  const distinctOn = (select.distinctOn ?? []).map((child) => key("output-first")(refusePosition(child)));
  if (distinctOn.length > 0) parts.push(sql`distinct on (${joined(distinctOn, ", ")})`);
  else if (distinct) parts.push(word("distinct"));
  if (list.columns.length > 0) parts.push(list.text);
  if (from !== null) parts.push(sql`from ${from}`);
  if (select.where !== undefined) parts.push(sql`where ${inner(whereOf(select.where))}`);
  if (select.groupBy !== undefined) {
    if (select.groupBy.kind !== "GroupByNode") return refuseNode(select.groupBy, "group by");
    onlyKeys(select.groupBy, ["items"]);
    const items = select.groupBy.items.map((item) => {
      if (item.kind !== "GroupByItemNode") return refuseNode(item, "group by");
      onlyKeys(item, ["groupBy"]);
      return key("input-first")(refusePosition(item.groupBy));
    });
    parts.push(sql`group by ${joined(items, ", ")}`);
  }
  if (select.having !== undefined) {
    if (select.having.kind !== "HavingNode") return refuseNode(select.having, "having");
    onlyKeys(select.having, ["having"]);
    parts.push(sql`having ${inner(select.having.having)}`);
  }
  parts.push(...arms.map(({ text }) => text));
  if (select.orderBy !== undefined) {
    if (select.orderBy.kind !== "OrderByNode") return refuseNode(select.orderBy, "order by");
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
  if (select.fetch !== undefined) parts.push(fetchClause(select, select.fetch));
  const columns = list.columns.map((column, index) =>
    arms.reduce((of, { columns: others }) => withTypeOf(of, others[index]), column),
  );
  return { text: joined(parts, " "), columns };
}

/** What the arms of a set operation must yield for its first select to have as many columns. */
function carriedBy({ columns }: Derived, carry: Carry): readonly boolean[] {
  return typeof carry === "string" ? columns.map(({ index }) => index !== undefined) : carry;
}

/** The parts of a set operation may come to another type than the first one's, or lack a blind index. */
function withTypeOf({ name, sealed, type, index }: Column, other: Column | undefined): Column {
  return {
    name,
    sealed,
    ...(type !== undefined && type === other?.type ? { type } : {}),
    ...(index !== undefined && other?.index !== undefined ? { index } : {}),
  };
}

function fetchClause(select: SelectQueryNode, node: FetchNode): Sql {
  if (node.kind !== "FetchNode") return refuseNode(node, "fetch");
  onlyKeys(node, ["rowCount", "modifier"]);
  const modifier = node.modifier as string;
  if (modifier !== "only" && modifier !== "with ties") return refuseNode(node, "fetch");
  if (select.limit !== undefined)
    throw new UnsupportedQuery("query/unsupported-node", "limit and fetch stand in one query: leave one out");
  if (modifier === "with ties" && select.orderBy === undefined)
    throw new UnsupportedQuery("query/unsupported-node", "fetch with ties takes an order: add orderBy");
  return sql`fetch first (${wholeRows(node.rowCount, "fetch")}) rows ${word(modifier)}`;
}

function isDistinct(modifiers: readonly SelectModifierNode[]): boolean {
  for (const modifier of modifiers) {
    if (modifier.kind !== "SelectModifierNode") return refuseNode(modifier, "select");
    onlyKeys(modifier, ["modifier"]);
    if (modifier.modifier !== "Distinct") return refuseNode(modifier, "select");
  }
  return modifiers.length > 0;
}

function rowCount(node: LimitNode | OffsetNode, what: "limit" | "offset"): Sql {
  if (node.kind !== (what === "limit" ? "LimitNode" : "OffsetNode")) return refuseNode(node, what);
  onlyKeys(node, [what]);
  return wholeRows(node.kind === "LimitNode" ? node.limit : node.offset, what);
}

function wholeRows(count: OperationNode, what: string): Sql {
  if (count.kind !== "ValueNode") return refuseNode(count, what);
  onlyKeys(count, ["value", "immediate"]);
  const { value } = count as ValueNode;
  if (!isCount(value))
    throw new UnsupportedQuery("query/unsupported-value", `${what} is no whole number of rows`);
  return asType({ text: valueParameter(value), type: valueType }, "bigint");
}

function isCount(value: unknown): boolean {
  if (value instanceof Hole) return value.kind === "place" || value.kind === "count";
  const whole = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
  return whole && value >= 0;
}
