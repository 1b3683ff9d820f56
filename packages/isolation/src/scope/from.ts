/**
 * FROM and JOIN. A table is never named in the text: a guarded view, a common table expression or a sub-select stands
 * in its place, with its predicate inside, so an outer join cannot tell a hidden row from a missing one.
 */
import type { AliasNode, FromNode, JoinNode, JoinType, OnNode, OperationNode } from "kysely";
import { expression } from "./expression.ts";
import { withoutParens } from "./parens.ts";
import { aliasName, tableName } from "./identifier.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { fromRaw, rawText } from "./raw.ts";
import { addRelation, type Column, type Relation, type Scope } from "./relation.ts";
import type { Rewriting } from "./rewriting.ts";
import { joined, named, sql, word, type Sql } from "./text.ts";
import { UnsupportedQuery } from "../errors.ts";

interface Item {
  readonly name: string;
  readonly relation: Relation;
  readonly text: Sql;
}

interface JoinForm {
  readonly words: string;
  readonly lateral: boolean;
  readonly on: boolean;
}

const joinForms: Readonly<Record<JoinType, JoinForm | null>> = {
  InnerJoin: { words: "inner join", lateral: false, on: true },
  LeftJoin: { words: "left join", lateral: false, on: true },
  RightJoin: { words: "right join", lateral: false, on: true },
  FullJoin: { words: "full join", lateral: false, on: true },
  CrossJoin: { words: "cross join", lateral: false, on: false },
  LateralInnerJoin: { words: "inner join lateral", lateral: true, on: true },
  LateralLeftJoin: { words: "left join lateral", lateral: true, on: true },
  LateralCrossJoin: { words: "cross join lateral", lateral: true, on: false },
  Using: null,
  OuterApply: null,
  CrossApply: null,
};

/** The FROM clause and the relations it brings into `scope`, in the order in which `*` lists them. */
export function fromClause(
  rewriting: Rewriting,
  from: FromNode | undefined,
  joins: readonly JoinNode[],
  outside: Scope,
): { readonly text: Sql | null; readonly scope: Scope } {
  if (from === undefined) {
    if (joins.length > 0) return refuseNode(joins[0] as JoinNode, "join without from");
    return { text: null, scope: outside };
  }
  if (from.kind !== "FromNode") return refuseNode(from, "from");
  onlyKeys(from, ["froms"]);
  const relations = new Map<string, Relation>();
  const items = from.froms.map((node) => {
    const item = fromItem(rewriting, node, outside, false);
    addRelation(relations, item.name, item.relation);
    return item.text;
  });
  const joinTexts = joins.map((join) => joinItem(rewriting, join, relations, outside));
  if (items.length === 0) throw new UnsupportedQuery("query/unsupported-node", "from without a table");
  return { text: joined([joined(items, ", "), ...joinTexts], " "), scope: { ...outside, relations } };
}

function joinItem(
  rewriting: Rewriting,
  node: JoinNode,
  relations: Map<string, Relation>,
  outside: Scope,
): Sql {
  if (node.kind !== "JoinNode") return refuseNode(node, "join");
  onlyKeys(node, ["joinType", "table", "on"]);
  const form = Object.hasOwn(joinForms, node.joinType) ? joinForms[node.joinType] : null;
  if (form === null)
    throw new UnsupportedQuery("query/unsupported-node", `join ${node.joinType} is not supported`);
  // Only a lateral item sees what stands to its left.
  const sees: Scope = form.lateral ? { ...outside, relations: new Map(relations) } : outside;
  const item = fromItem(rewriting, node.table, sees, form.lateral);
  addRelation(relations, item.name, item.relation);
  const head = sql`${word(form.words)} ${item.text}`;
  if (!form.on) return node.on === undefined ? head : refuseNode(node.on, "cross join");
  if (node.on === undefined) return refuseNode(node, "join without on");
  return sql`${head} on ${onCondition(rewriting, node.on, { ...outside, relations })}`;
}

/** `onTrue()` writes its `true` as raw text; that text, whole, is let through. */
function onCondition(rewriting: Rewriting, node: OnNode, scope: Scope): Sql {
  if (node.kind !== "OnNode") return refuseNode(node, "join");
  onlyKeys(node, ["on"]);
  return rawText(node.on) === "true" ? word("true") : expression(rewriting, scope, node.on);
}

function fromItem(rewriting: Rewriting, given: OperationNode, outside: Scope, lateral: boolean): Item {
  const node = fromRaw(given, "from");
  if (node.kind === "TableNode")
    return tableItem(rewriting, tableName(node), tableName(node), outside, lateral);
  if (node.kind !== "AliasNode") return refuseNode(node, "from");
  const name = aliasName(node as AliasNode);
  const of = withoutParens((node as AliasNode).node);
  if (of.kind === "TableNode") return tableItem(rewriting, tableName(of), name, outside, lateral);
  if (of.kind !== "SelectQueryNode") return refuseNode(of, "from");
  const derived = rewriting.select(of, outside, "all");
  const relation = { alias: rewriting.alias(), columns: distinctColumns(derived.columns) };
  return { name, relation, text: sql`(${derived.text}) as ${named(relation.alias)}` };
}

function tableItem(
  rewriting: Rewriting,
  table: string,
  name: string,
  outside: Scope,
  lateral: boolean,
): Item {
  if (lateral) throw new UnsupportedQuery("query/unsupported-node", "a lateral join takes a sub-select");
  const alias = rewriting.alias();
  // Names of common table expressions hide tables.
  const cte = outside.ctes.get(table);
  if (typeof cte === "string") throw new UnsupportedQuery("query/recursive", cte);
  if (cte !== undefined)
    return {
      name,
      relation: { alias, columns: cte.columns },
      text: sql`${named(cte.alias)} as ${named(alias)}`,
    };
  const view = rewriting.source(table);
  return { name, relation: { alias, columns: view.columns }, text: sql`(${view.text}) as ${named(alias)}` };
}

/** Columns that can be told apart by name, as those of a derived table must be. */
export function distinctColumns(columns: readonly Column[]): readonly Column[] {
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name))
      throw new UnsupportedQuery("query/duplicate-name", `a sub-select has two columns ${name}`);
    names.add(name);
  }
  return columns;
}
