/** References to columns, and the seal that a column may bear. */
import type { OperationNode } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { referenceName } from "./identifier.ts";
import { resolveColumn, type Resolved, type Scope } from "./relation.ts";
import { named, type Sql } from "./text.ts";

/** The column that a reference names, sealed or not. */
export function resolveReference(scope: Scope, node: OperationNode): Resolved {
  const { table, column } = referenceName(node);
  return resolveColumn(scope, table, column);
}

/** A column's text; refused if it is sealed. */
export function plainColumn(resolved: Resolved): Sql {
  if (resolved.column.sealed !== null) throw sealedColumn(resolved.column.name);
  return named(resolved.relation.alias, resolved.column.name);
}

export function sealedColumn(name: string): UnsupportedQuery {
  return new UnsupportedQuery(
    "query/sealed-column",
    `column ${name} is sealed: it can be selected, tested for null, compared with values if it is searchable, and nothing else`,
  );
}
