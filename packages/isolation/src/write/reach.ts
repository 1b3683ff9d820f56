/**
 * What a caller's expressions in a change can see: the target as its guarded view, under the caller's name, and what
 * `with`, `from` and `using` bring. The stored table itself is in nobody's sight.
 */
import type { FromNode, JoinNode, OperationNode } from "kysely";
import { expression } from "../scope/expression.ts";
import { fromClause } from "../scope/from.ts";
import { addRelation, emptyScope, type Relation, type Scope } from "../scope/relation.ts";
import { joined, named, sql, word, type Sql } from "../scope/text.ts";
import { withClause } from "../scope/with.ts";
import type { WriteFrame } from "./frame.ts";
import type { WriteTarget } from "./write-target.ts";

export interface Reach {
  /** `with …`, or nothing. */
  readonly with: Sql;
  readonly from: Sql;
  readonly condition: Sql;
  readonly scope: Scope;
  /** The target's key. */
  readonly key: Sql;
}

export interface ReachOf {
  readonly where: OperationNode | null;
  readonly from?: FromNode | undefined;
  readonly joins?: readonly JoinNode[];
  /** A relation of ours that is joined to the target by its key, under the name that callers know it by. */
  readonly beside?: {
    readonly name: string;
    readonly relation: Relation;
    readonly text: Sql;
    readonly key: string;
  };
}

export function reach(frame: WriteFrame, target: WriteTarget, of: ReachOf): Reach {
  const { rewriting } = frame;
  const { text: withText, ctes } = withClause(rewriting, target.with, emptyScope);
  const outside: Scope = { relations: new Map(), ctes, outer: null };
  const { storage } = target.entity;
  const view = rewriting.source(storage.table, "read");
  const alias = rewriting.alias();
  const relations = new Map<string, Relation>([[target.name, { alias, columns: view.columns }]]);
  const parts = [sql`(${view.text}) as ${named(alias)}`];
  const others = fromClause(rewriting, of.from, of.joins ?? [], outside);
  if (others.text !== null) parts.push(others.text);
  for (const [name, relation] of others.scope.relations) addRelation(relations, name, relation);
  const key = named(alias, storage.key);
  const conditions: Sql[] = [];
  if (of.beside !== undefined) {
    addRelation(relations, of.beside.name, of.beside.relation);
    parts.push(of.beside.text);
    conditions.push(sql`${key} = ${named(of.beside.relation.alias, of.beside.key)}`);
  }
  const scope: Scope = { ...outside, relations };
  if (of.where !== null) conditions.push(expression(rewriting, scope, of.where));
  return {
    with: joined(withText, " "),
    from: joined(parts, ", "),
    condition: conditions.length === 0 ? word("true") : joined(conditions, " and "),
    scope,
    key,
  };
}
