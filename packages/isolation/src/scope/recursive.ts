/**
 * The body of a recursive common table expression: `base UNION [ALL] step`. To the base the name is one not defined yet; the step sees it under
 * the columns and seals of the base. That it ends is a matter of the statement's time limit.
 */
import type { OperationNode, SelectQueryNode } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { withoutParens } from "./parens.ts";
import type { Column, Relation, Scope } from "./relation.ts";
import type { Derived, Rewriting } from "./rewriting.ts";
import { setOperation } from "./set-operation.ts";
import { sql } from "./text.ts";

export function recursiveQuery(
  rewriting: Rewriting,
  node: OperationNode,
  name: string,
  sees: Scope,
  relationOf: (columns: readonly Column[]) => Relation,
): Derived {
  const query = withoutParens(node);
  const { setOperations = [], ...base } = query as SelectQueryNode;
  const [union, ...more] = setOperations;
  if (union === undefined || more.length > 0 || union.operator !== "union")
    throw recursion(`${name} names itself, and is no base with one union and one step`);
  if ([base.orderBy, base.limit, base.offset, base.fetch, base.with].some((part) => part !== undefined))
    throw recursion(`${name} is recursive: order and limit it where it is read`);
  const first = rewriting.select(base, sees);
  const self = relationOf(first.columns);
  const step = setOperation(
    rewriting,
    union,
    { ...sees, ctes: new Map([...sees.ctes, [name, self]]) },
    first.columns,
  );
  return { text: sql`${first.text} ${step.text}`, columns: first.columns };
}

function recursion(what: string): UnsupportedQuery {
  return new UnsupportedQuery("query/recursive", what);
}
