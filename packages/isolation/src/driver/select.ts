/** One select of a caller: what is sent for it, and what the caller gets of the answer. Raw text goes a way of its own. */
import type { KnownFacts } from "@wardline/core";
import type { OperationNode } from "kysely";
import type { SqlResult, SqlStatement } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { planRaw } from "../raw/plan-raw.ts";
import { rawQueryOf } from "../raw/raw-query.ts";
import { createRewriting } from "../scope/guarded-source.ts";
import { emptyScope, type Column } from "../scope/relation.ts";
import { shapeOf, type Shape } from "../scope/shape.ts";
import { render } from "../scope/text.ts";
import { randomBytesFromPool } from "../seal/random-pool.ts";
import {
  fillPlan,
  findPlan,
  keepable,
  keepPlan,
  type KeptPlan,
  surroundingsKey,
  watchTime,
} from "./kept-plans.ts";
import { openCells } from "./open-cells.ts";
import { askedTable, type AskedTable } from "./row-claim.ts";
import type { GuardedDialectOptions } from "./options.ts";

export interface SelectPlan {
  readonly statement: SqlStatement;
  readonly columns: readonly Column[];
  readonly sealMarker: string;
  /** What its views ask, for databases that have policies of rows. */
  readonly asked: readonly AskedTable[];
}

type PlanOptions = Pick<GuardedDialectOptions, "guard" | "database" | "leakproofChecked" | "finalCheck">;

/** `facts` are closed over the database, and `node` is a snapshot. */
export function planSelect(options: PlanOptions, facts: KnownFacts, node: OperationNode): SelectPlan {
  const shape = shapeOf(node);
  const around = shape === null ? null : surroundings(options, facts);
  if (shape === null || around === null) return planAnew(options, facts, node);
  const key = around + shape.key;
  const kept = findPlan(key) ?? makeKept(options, facts, key, shape);
  if (kept === null) return planAnew(options, facts, node);
  const sealMarker = newMarker();
  const parameters = fillPlan(kept, shape.values, sealMarker);
  const { text: sql, columns, asked } = kept;
  return { statement: { sql, parameters }, columns, sealMarker, asked };
}

/** Without anything that was kept. */
export function planAnew(options: PlanOptions, facts: KnownFacts, node: OperationNode): SelectPlan {
  const raw = rawQueryOf(node);
  const sealMarker = newMarker();
  const { guard, database, leakproofChecked } = options;
  if (raw !== null && database.kind === "embedded")
    throw new IsolationViolation(
      "query/raw-statement",
      "an embedded database takes no raw SQL: use the query builder alone, or a server",
    );
  const asked: AskedTable[] = [];
  const rewriting = createRewriting({
    guard,
    facts,
    schema: database.schema,
    asks: "list",
    sealMarker,
    mayOpen: raw === null && leakproofChecked === true,
    onView: (action, view) => asked.push(askedTable(guard.program, action, view)),
  });
  if (raw !== null) {
    const check = options.finalCheck(guard.program, database.schema);
    return { statement: planRaw(check, rewriting, raw), columns: [], sealMarker, asked };
  }
  const { text, columns } = rewriting.select(node, emptyScope);
  const rendered = render(text);
  return { statement: { sql: rendered.text, parameters: rendered.parameters }, columns, sealMarker, asked };
}

function surroundings({ guard, database, leakproofChecked }: PlanOptions, facts: KnownFacts): string | null {
  // What an embedded database is refused, a kept plan of a server may not bring to it.
  return surroundingsKey(guard, facts, `${database.kind} ${database.schema}`, leakproofChecked === true);
}

/**
 * A plan without values, kept unless it depends on the time. Null where there is none: what is refused is planned again with its
 * values, so that the error is of the query as it is.
 */
function makeKept(options: PlanOptions, facts: KnownFacts, key: string, { holed }: Shape): KeptPlan | null {
  const time = watchTime(facts);
  let plan: SelectPlan;
  try {
    plan = planAnew(options, time.facts, holed());
  } catch {
    return null;
  }
  const { statement, columns, sealMarker, asked } = plan;
  const made = keepable(statement.sql, columns, statement.parameters, sealMarker);
  const kept = made && { ...made, asked };
  if (kept !== null && !time.wasRead()) keepPlan(key, kept);
  return kept;
}

function newMarker(): string {
  return randomBytesFromPool(16).toString("hex");
}

/** The rows as the caller may see them. */
export function rowsOf(
  options: GuardedDialectOptions,
  plan: SelectPlan,
  { rows }: Pick<SqlResult, "rows">,
): Record<string, unknown>[] {
  return openCells(rows, plan.columns, plan.sealMarker, options.sealer);
}
