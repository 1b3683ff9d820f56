/**
 * WITH. An expression sees those before it and those outside, never itself: recursion is refused in this step. Only
 * selects may stand there; a write is a statement of its own.
 */
import type { ColumnNode, CommonTableExpressionNode, WithNode } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { distinctColumns } from "./from.ts";
import { columnName, tableName } from "./identifier.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import type { Column, Relation, Scope } from "./relation.ts";
import type { Rewriting } from "./rewriting.ts";
import { joined, named, sql, word, type Sql } from "./text.ts";

export function withClause(
  rewriting: Rewriting,
  node: WithNode | undefined,
  outer: Scope,
): { readonly text: readonly Sql[]; readonly ctes: Scope["ctes"] } {
  if (node === undefined) return { text: [], ctes: outer.ctes };
  if (node.kind !== "WithNode") return refuseNode(node, "with");
  if (node.recursive === true)
    throw new UnsupportedQuery("query/recursive", "with recursive is not supported");
  onlyKeys(node, ["expressions"]);
  const ctes = new Map(outer.ctes);
  const own = new Set<string>();
  const texts = node.expressions.map((expression) => {
    const cte = commonTable(rewriting, expression, { relations: new Map(), ctes: new Map(ctes), outer });
    if (own.has(cte.name)) throw new UnsupportedQuery("query/duplicate-name", `${cte.name} is defined twice`);
    own.add(cte.name);
    ctes.set(cte.name, cte.relation);
    return cte.text;
  });
  if (texts.length === 0) return refuseNode(node, "with");
  return { text: [sql`with ${joined(texts, ", ")}`], ctes };
}

function commonTable(
  rewriting: Rewriting,
  node: CommonTableExpressionNode,
  sees: Scope,
): { readonly name: string; readonly relation: Relation; readonly text: Sql } {
  if (node.kind !== "CommonTableExpressionNode") return refuseNode(node, "with");
  onlyKeys(node, ["name", "materialized", "expression"]);
  if (node.name.kind !== "CommonTableExpressionNameNode") return refuseNode(node.name, "with");
  onlyKeys(node.name, ["table", "columns"]);
  const name = tableName(node.name.table);
  const derived = rewriting.select(node.expression, sees);
  const columns = distinctColumns(renamed(derived.columns, node.name.columns));
  const relation: Relation = { alias: rewriting.alias(), columns };
  const list =
    columns.length === 0
      ? word("")
      : sql` (${joined(
          columns.map((column) => named(column.name)),
          ", ",
        )})`;
  const materialized =
    node.materialized === undefined ? "" : node.materialized ? "materialized " : "not materialized ";
  return {
    name,
    relation,
    text: sql`${named(relation.alias)}${list} as ${word(materialized)}(${derived.text})`,
  };
}

function renamed(columns: readonly Column[], names: readonly ColumnNode[] | undefined): readonly Column[] {
  if (names === undefined) return columns;
  if (names.length !== columns.length)
    throw new UnsupportedQuery(
      "query/unsupported-node",
      "a common table expression names another number of columns",
    );
  return columns.map((column, index) => ({ ...column, name: columnName(names[index] as ColumnNode) }));
}
