/** One select of a caller: what is sent for it, and what the caller gets of the answer. It sees the tree, never the text. */
import { randomBytes } from "node:crypto";
import type { KnownFacts } from "@wardline/core";
import type { OperationNode } from "kysely";
import type { SqlResult, SqlStatement } from "../contracts.ts";
import { createRewriting } from "../scope/guarded-source.ts";
import { emptyScope, type Column } from "../scope/relation.ts";
import { render } from "../scope/text.ts";
import { openCells } from "./open-cells.ts";
import type { GuardedDialectOptions } from "./options.ts";

export interface SelectPlan {
  readonly statement: SqlStatement;
  readonly columns: readonly Column[];
  readonly sealMarker: string;
}

/** `facts` are closed over the database. */
export function planSelect(
  options: GuardedDialectOptions,
  facts: KnownFacts,
  node: OperationNode,
): SelectPlan {
  const sealMarker = randomBytes(16).toString("hex");
  const rewriting = createRewriting({
    guard: options.guard,
    facts,
    schema: options.database.schema,
    asks: "list",
    sealMarker,
    mayOpen: options.leakproofChecked === true,
  });
  const { text, columns } = rewriting.select(node, emptyScope);
  const rendered = render(text);
  return { statement: { sql: rendered.text, parameters: rendered.parameters }, columns, sealMarker };
}

/** The rows as the caller may see them. */
export function rowsOf(
  options: GuardedDialectOptions,
  plan: SelectPlan,
  { rows }: Pick<SqlResult, "rows">,
): Record<string, unknown>[] {
  return openCells(rows, plan.columns, plan.sealMarker, options.sealer);
}
