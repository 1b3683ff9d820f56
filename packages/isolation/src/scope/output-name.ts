/**
 * Bare names in ORDER BY, GROUP BY and DISTINCT ON may mean an output column. Which one wins is Postgres's rule
 * (SELECT, "ORDER BY clause" and "GROUP BY clause"), so that the text means what was checked.
 */
import type { OperationNode } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { expression } from "./expression.ts";
import { withoutParens } from "./parens.ts";
import { plainColumn, sealedColumn } from "./reference.ts";
import { referenceName } from "./identifier.ts";
import { findBare, type Column, type Scope } from "./relation.ts";
import type { Rewriting } from "./rewriting.ts";
import { named, type Sql } from "./text.ts";

/** ORDER BY, DISTINCT ON · GROUP BY · ORDER BY of a set operation. */
export type OutputRule = "output-first" | "input-first" | "output-only";

export function orderKey(
  rewriting: Rewriting,
  scope: Scope,
  outputs: readonly Column[],
  node: OperationNode,
  rule: OutputRule,
): Sql {
  const of = withoutParens(node);
  const reference = of.kind === "ReferenceNode" || of.kind === "ColumnNode" ? referenceName(of) : undefined;
  if (reference === undefined || reference.table !== null) {
    if (rule === "output-only")
      throw new UnsupportedQuery(
        "query/unknown-column",
        "a set operation is ordered by the names of its columns alone",
      );
    return expression(rewriting, scope, of);
  }
  const name = reference.column;
  const input = rule === "input-first" ? findBare(scope, name) : undefined;
  if (input !== undefined) return plainColumn(input);
  const found = outputs.filter((output) => output.name === name);
  if (found.length > 1)
    throw new UnsupportedQuery("query/ambiguous-column", `two columns are called ${name}`);
  const output = found[0];
  if (output === undefined) {
    if (rule === "output-only")
      throw new UnsupportedQuery("query/unknown-column", `column ${name} is unknown here`);
    return expression(rewriting, scope, of);
  }
  if (output.sealed !== null) throw sealedColumn(name);
  return named(name);
}
