/** What a select, or RETURNING, yields. `*` is spelt out, so that it means the columns of this view and no others. */
import type { AliasNode, OperationNode, ReferenceNode, SelectionNode } from "kysely";
import { typed } from "./expression.ts";
import { withoutParens } from "./parens.ts";
import { resolveReference } from "./reference.ts";
import { onlyColumn, scalarSelect } from "./sub-select.ts";
import { aliasName, indexName, tableName } from "./identifier.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { resolveRelation, type Column, type Relation, type Scope } from "./relation.ts";
import type { Carry, Derived, Rewriting } from "./rewriting.ts";
import { joined, named, sql, type Sql } from "./text.ts";
import { valueType } from "./type.ts";

interface Output {
  readonly text: Sql;
  readonly column: Column;
  /** Its blind index; null where it has none. */
  readonly index: Sql | null;
}

export function selectionList(
  rewriting: Rewriting,
  scope: Scope,
  nodes: readonly SelectionNode[],
  carry: Carry = "none",
): Derived {
  const outputs = nodes.flatMap((node) => {
    if (node.kind !== "SelectionNode") return refuseNode(node, "selection");
    onlyKeys(node, ["selection"]);
    return selected(rewriting, scope, node.selection);
  });
  const carried = outputs.map(({ index }, at) => carriedIndex(index, carry, at));
  return {
    text: joined([...outputs.map(({ text }) => text), ...carried.flatMap((of) => of?.text ?? [])], ", "),
    columns: outputs.map(({ column }, at) => {
      const name = carried[at]?.name;
      return name === undefined ? column : { ...column, index: name };
    }),
  };
}

/** The blind index of an output under a name of its own; NULL where one is asked for that is not there. */
function carriedIndex(
  index: Sql | null,
  carry: Carry,
  at: number,
): { readonly text: readonly [Sql]; readonly name: string | undefined } | null {
  const isWanted = typeof carry === "string" ? carry === "all" && index !== null : carry[at] === true;
  if (!isWanted) return null;
  const name = `${indexName}${at}`;
  return {
    text: [sql`${index ?? sql`cast(null as bytea)`} as ${named(name)}`],
    name: index === null ? undefined : name,
  };
}

function selected(rewriting: Rewriting, scope: Scope, node: OperationNode): readonly Output[] {
  switch (node.kind as string) {
    case "SelectAllNode": {
      onlyKeys(node, []);
      if (scope.relations.size === 0) return refuseNode(node, "selection without from");
      return [...scope.relations.values()].flatMap(allOf);
    }
    case "ReferenceNode": {
      const { column, table } = node as ReferenceNode;
      if (column.kind !== "SelectAllNode") return [plain(scope, node)];
      onlyKeys(node, ["table", "column"]);
      onlyKeys(column, []);
      if (table === undefined) return refuseNode(node, "selection");
      return allOf(resolveRelation(scope, tableName(table)));
    }
    case "ColumnNode":
      return [plain(scope, node)];
    case "AliasNode":
      return [aliased(rewriting, scope, node as AliasNode)];
    default:
      return refuseNode(node, "selection without a name");
  }
}

function allOf(relation: Relation): readonly Output[] {
  return relation.columns.map((column) => output(relation, column, column.name));
}

function plain(scope: Scope, node: OperationNode): Output {
  const { relation, column } = resolveReference(scope, node);
  return output(relation, column, column.name);
}

/** A column as it is, or a sub-select of one, keeps its seal; whatever is computed may not have had one. */
function aliased(rewriting: Rewriting, scope: Scope, node: AliasNode): Output {
  const name = aliasName(node);
  const of = withoutParens(node.node);
  if (of.kind === "ReferenceNode" || of.kind === "ColumnNode") {
    const { relation, column } = resolveReference(scope, of);
    return output(relation, column, name);
  }
  if (of.kind === "SelectQueryNode") {
    const derived = scalarSelect(rewriting, scope, of);
    const column = { ...onlyColumn(derived), name };
    return { text: sql`(${derived.text}) as ${named(name)}`, column, index: null };
  }
  const { text, type } = typed(rewriting, scope, of);
  // The server takes a value that nothing around it gives a type for a text.
  const own = type === valueType ? "text" : type;
  return {
    text: sql`${text} as ${named(name)}`,
    column: { name, sealed: null, ...(own === null ? {} : { type: own }) },
    index: null,
  };
}

function output(relation: Relation, { index, ...column }: Column, name: string): Output {
  return {
    text: sql`${named(relation.alias, column.name)} as ${named(name)}`,
    column: { ...column, name },
    index: index === undefined ? null : named(relation.alias, index),
  };
}
