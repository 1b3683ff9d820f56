/**
 * WITH. An expression sees those before it and those outside; itself it sees only in the step of a recursion. Only selects may
 * stand there; a write is a statement of its own.
 */
import type { ColumnNode, CommonTableExpressionNode, OperationNode, WithNode } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { distinctColumns } from "./from.ts";
import { columnName, tableName } from "./identifier.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { recursiveQuery } from "./recursive.ts";
import type { Column, Relation, Scope } from "./relation.ts";
import type { Rewriting } from "./rewriting.ts";
import { joined, named, nothing, sql, word, type Sql } from "./text.ts";

export function withClause(
  rewriting: Rewriting,
  node: WithNode | undefined,
  outer: Scope,
): { readonly text: readonly Sql[]; readonly ctes: Scope["ctes"] } {
  if (node === undefined) return { text: [], ctes: outer.ctes };
  if (node.kind !== "WithNode") return refuseNode(node, "with");
  onlyKeys(node, ["expressions", "recursive"]);
  const recursive = node.recursive === true;
  const ctes = new Map(outer.ctes);
  const names = node.expressions.map(nameOf);
  // In WITH RECURSIVE a name is known before it is defined; here it is known, and refused, so that it means no table.
  if (recursive) for (const name of names) ctes.set(name, `${name} is named before it is defined`);
  const own = new Set<string>();
  const texts = node.expressions.map((expression, index) => {
    const name = names[index] as string;
    if (own.has(name)) throw new UnsupportedQuery("query/duplicate-name", `${name} is defined twice`);
    own.add(name);
    const sees: Scope = { relations: new Map(), ctes: new Map(ctes), outer };
    const cte = commonTable(rewriting, expression, name, sees, recursive);
    ctes.set(name, cte.relation);
    return cte.text;
  });
  if (texts.length === 0) return refuseNode(node, "with");
  return { text: [sql`with ${word(recursive ? "recursive " : "")}${joined(texts, ", ")}`], ctes };
}

function nameOf(node: CommonTableExpressionNode): string {
  if (node.kind !== "CommonTableExpressionNode") return refuseNode(node, "with");
  onlyKeys(node, ["name", "materialized", "expression"]);
  if (node.name.kind !== "CommonTableExpressionNameNode") return refuseNode(node.name, "with");
  onlyKeys(node.name, ["table", "columns"]);
  return tableName(node.name.table);
}

function commonTable(
  rewriting: Rewriting,
  node: CommonTableExpressionNode,
  name: string,
  sees: Scope,
  recursive: boolean,
): { readonly relation: Relation; readonly text: Sql } {
  const alias = rewriting.alias();
  const as = (columns: readonly Column[]): Relation => ({
    alias,
    columns: distinctColumns(renamed(columns, node.name.columns)),
  });
  const { text, columns } =
    recursive && namesTable(node.expression, name)
      ? recursiveQuery(rewriting, node.expression, name, sees, as)
      : rewriting.select(node.expression, sees, "all");
  const relation = as(columns);
  const list =
    relation.columns.length === 0
      ? nothing
      : sql` (${joined(
          [
            ...relation.columns.map(({ name }) => named(name)),
            ...relation.columns.flatMap(({ index }) => (index === undefined ? [] : [named(index)])),
          ],
          ", ",
        )})`;
  const materialized =
    node.materialized === undefined ? "" : node.materialized ? "materialized " : "not materialized ";
  return { relation, text: sql`${named(alias)}${list} as ${word(materialized)}(${text})` };
}

/** Whether a table of the name stands anywhere in the tree; it may mean another one there. */
function namesTable(node: unknown, name: string): boolean {
  if (typeof node !== "object" || node === null) return false;
  if (Array.isArray(node)) return node.some((item) => namesTable(item, name));
  if ((node as OperationNode).kind === "TableNode") return tableName(node as OperationNode) === name;
  return Object.values(node).some((part) => namesTable(part, name));
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
