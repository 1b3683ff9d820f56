/** One select of a caller: what is sent for it, and what the caller gets of the answer. Raw text goes a way of its own. */
import type { KnownFacts } from "@wardline/core";
import type { OperationNode } from "kysely";
import type { SqlResult, SqlStatement } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { planRaw } from "../raw/plan-raw.ts";
import { rawQueryOf, type AskedQuery } from "../raw/raw-query.ts";
import { createRewriting, type ReadLimit, type StatementFrame } from "../scope/guarded-source.ts";
import { refuseNode, verdicts } from "../scope/node-kinds.ts";
import { emptyScope, type Column } from "../scope/relation.ts";
import { rewriteSelect } from "../scope/select.ts";
import { shapeOf, type TakenShape } from "../scope/shape.ts";
import { Sought, soughtIndexes } from "../scope/sought.ts";
import { render } from "../scope/text.ts";
import { randomBytesFromPool } from "../seal/random-pool.ts";
import {
  filledColumns,
  fillPlan,
  findPlan,
  keepable,
  keepPlan,
  type KeptPlan,
  surroundingsKey,
  watchTime,
} from "./kept-plans.ts";
import { openCells } from "./open-cells.ts";
import type { AskedRead, ReadDuty, ReadNotice } from "./read-record.ts";
import { askedTable, type AskedTable } from "./row-claim.ts";
import type { PreparedOptions } from "./prepared.ts";

export interface SelectPlan {
  readonly statement: SqlStatement;
  readonly columns: readonly Column[];
  readonly sealMarker: string;
  /** What its views ask, for databases that have policies of rows. */
  readonly asked: readonly AskedTable[];
  /** What its views say to put on record. */
  readonly duties: readonly ReadDuty[];
  /** What its views draw from. */
  readonly limits: readonly ReadLimit[];
  /** Whom its views say to tell. */
  readonly notices: readonly ReadNotice[];
}

type PlanOptions = Pick<
  PreparedOptions,
  "guard" | "database" | "leakproofChecked" | "finalCheck" | "held" | "reads"
>;

type Asks = StatementFrame["asks"];

/** A query asks what may be listed, a look at one row what may be read. */
function asksOf({ row }: AskedQuery): Asks {
  return row === undefined ? "list" : "read";
}

/** `facts` are closed over the database. Throws for what is no select. */
export function planSelect(options: PlanOptions, facts: KnownFacts, query: AskedQuery): SelectPlan {
  const around = surroundings(options, facts);
  const asks = asksOf(query);
  // Invariant: no text of a caller's makes it the key of what asks for less.
  const key = around === null ? null : `${asks} ${around}${query.text}`;
  const found = key === null ? null : findPlan(key, query.tree());
  if (found !== null) return filled(options, found.plan, found.values);
  const node = query.copy();
  if (!isRead(node)) return refuseNode(node, "statement");
  const taken = key === null ? null : shapeOf(node);
  const kept = key === null || taken === null ? null : makeKept(options, facts, key, taken, asks);
  return kept === null || taken === null
    ? planAnew(options, facts, node, asks)
    : filled(options, kept, taken.values);
}

function filled({ held }: PlanOptions, kept: KeptPlan, values: readonly unknown[]): SelectPlan {
  const sealMarker = newMarker();
  const { text: sql, columns, asked, duties, limits, notices } = kept;
  const parameters = fillPlan(kept, values, sealMarker, held.cells);
  return {
    statement: { sql, parameters },
    columns: filledColumns(columns, values),
    sealMarker,
    asked,
    duties,
    limits,
    notices,
  };
}

export function isRead({ kind }: { readonly kind: string }): boolean {
  return Object.hasOwn(verdicts, kind) && ["select", "raw"].includes(verdicts[kind as keyof typeof verdicts]);
}

/** Without anything that was kept; `node` is a copy. */
export function planAnew(
  options: PlanOptions,
  facts: KnownFacts,
  node: OperationNode,
  asks: Asks = "list",
): SelectPlan {
  const plan = planTree(options, facts, node, asks);
  const { sql, parameters } = plan.statement;
  const found = parameters.map((value) =>
    value instanceof Sought ? soughtIndexes(value, options.held.cells) : value,
  );
  return { ...plan, statement: { sql, parameters: found } };
}

/** With what is sought as it was found in the tree. */
function planTree(options: PlanOptions, facts: KnownFacts, node: OperationNode, asks: Asks): SelectPlan {
  const raw = rawQueryOf(node);
  const sealMarker = newMarker();
  const { guard, database, leakproofChecked, reads } = options;
  if (raw !== null && database.kind === "embedded")
    throw new IsolationViolation(
      "query/raw-statement",
      "an embedded database takes no raw SQL: use the query builder alone, or a server",
    );
  const asked: AskedTable[] = [];
  const duties: ReadDuty[] = [];
  const limits: ReadLimit[] = [];
  const notices: ReadNotice[] = [];
  const rewriting = createRewriting({
    guard,
    facts,
    schema: database.schema,
    asks,
    ...(reads === undefined ? {} : { reads }),
    sealMarker,
    mayOpen: raw === null && leakproofChecked === true,
    onView: (action, view) => asked.push(askedTable(guard.program, action, view)),
    onDuty: (duty) => duties.push(duty),
    onLimit: (limit) => limits.push(limit),
    onNotice: (notice) => notices.push(notice),
  });
  if (raw !== null) {
    const check = options.finalCheck(guard.program, database.schema);
    const statement = planRaw(check, rewriting, raw);
    return { statement, columns: [], sealMarker, asked, duties, limits, notices };
  }
  const traced = () =>
    new Set([
      ...duties.flatMap(({ entity, level }) => (level === "full" ? [entity] : [])),
      ...notices.map(({ entity }) => entity),
    ]);
  const { text, columns } = rewriteSelect(rewriting, node, emptyScope, "none", traced);
  const { text: sql, parameters } = render(text);
  return { statement: { sql, parameters }, columns, sealMarker, asked, duties, limits, notices };
}

function surroundings(
  { guard, database, leakproofChecked, reads = "" }: PlanOptions,
  facts: KnownFacts,
): string | null {
  // What an embedded database is refused, a kept plan of a server may not bring to it.
  const where = `${database.kind} ${reads} ${database.schema}`;
  return surroundingsKey(guard, facts, where, leakproofChecked === true);
}

/**
 * A plan without values, kept unless it depends on the time. Null where there is none: what is refused is planned again with its
 * values, so that the error is of the query as it is.
 */
function makeKept(
  options: PlanOptions,
  facts: KnownFacts,
  key: string,
  { shape, holed }: TakenShape,
  asks: Asks,
): KeptPlan | null {
  const time = watchTime(facts);
  let plan: SelectPlan;
  try {
    plan = planTree(options, time.facts, holed, asks);
  } catch {
    return null;
  }
  const { statement, columns, sealMarker, asked, duties, limits, notices } = plan;
  const made = keepable(statement.sql, columns, statement.parameters, sealMarker);
  const kept = made && { ...made, shape, asked, duties, limits, notices };
  if (kept !== null && !time.wasRead()) keepPlan(key, kept);
  return kept;
}

function newMarker(): string {
  return randomBytesFromPool(16).toString("hex");
}

/** The rows as the caller may see them. */
export function rowsOf(
  { held }: Pick<PreparedOptions, "held">,
  plan: SelectPlan,
  { rows }: Pick<SqlResult, "rows">,
): Record<string, unknown>[] {
  return openCells(rows, plan.columns, plan.sealMarker, held.cells);
}

/** What a read asks, for the record. */
export function askedRead(plan: SelectPlan): AskedRead {
  const { duties, notices, columns, statement, sealMarker: marker } = plan;
  return { duties, notices, columns, ...statement, marker };
}

/** Whether something is to be done before its rows are shown. */
export function owes({ duties, notices }: Pick<SelectPlan, "duties" | "notices">): boolean {
  return duties.length > 0 || notices.length > 0;
}
