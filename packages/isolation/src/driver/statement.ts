/** Runs one statement of a caller inside a transaction that has entered its context. It sees the tree, never the text. */
import type { KnownFacts } from "@wardline/core";
import type { OperationNode, QueryResult } from "kysely";
import { newEntry } from "../audit/new-entry.ts";
import type { AuditEntry, SqlSession } from "../contracts.ts";
import { UnsupportedQuery } from "../errors.ts";
import type { LimitLedger } from "../limits/limit-ledger.ts";
import type { AskedQuery } from "../raw/raw-query.ts";
import { refuseNode, verdicts } from "../scope/node-kinds.ts";
import type { Refusal } from "../write/refusal.ts";
import type { WrittenRows } from "../write/frame.ts";
import { executeWrite } from "../write/write.ts";
import { closedFacts } from "./closed-facts.ts";
import { openCells } from "./open-cells.ts";
import { saidBy, type GuardedDialectOptions } from "./options.ts";
import type { PreparedOptions } from "./prepared.ts";
import type { AskedRead, ReadNotice } from "./read-record.ts";
import { drawnSelect } from "./drawn-select.ts";
import { askedRead, owes, rowsOf } from "./select.ts";
import { writeFrame } from "./write-frame.ts";

export interface StatementResult {
  readonly result: QueryResult<unknown>;
  /** What the audit log is to say of it in the same transaction; none where nothing was written. */
  readonly entries: readonly AuditEntry[];
}

export function isWrite(node: OperationNode): boolean {
  return ["insert", "update", "delete"].includes(verdictOf(node));
}

export function verdictOf(node: OperationNode): string {
  return Object.hasOwn(verdicts, node.kind) ? verdicts[node.kind] : "unknown";
}

/** `onOwed` is told of what is to be on record before anything is shown, as soon as it is known. */
export async function executeStatement(
  options: PreparedOptions,
  session: SqlSession,
  known: KnownFacts,
  query: AskedQuery,
  ledger: LimitLedger,
  onOwed: (owed: AskedRead) => void,
): Promise<StatementResult> {
  const sealer = options.held.cells;
  const node = query.copy();
  const verdict = verdictOf(node);
  switch (verdict) {
    case "select":
    case "raw": {
      const facts = await closedFacts(options, session, known, options.clock());
      const plan = await drawnSelect(options, facts, query, ledger);
      if (owes(plan)) onOwed(askedRead(plan));
      const { sql, parameters } = plan.statement;
      const rows = rowsOf(options, plan, await session.query(sql, parameters));
      return { result: { rows }, entries: [] };
    }
    case "insert":
    case "update":
    case "delete": {
      if (options.reads !== undefined)
        throw new UnsupportedQuery(
          "query/misplaced",
          `nothing is written by what reads for ${options.reads}`,
        );
      const { frame, sealMarker, limits, duties, notices } = await writeFrame(
        options,
        session,
        known,
        ledger,
      );
      const { written, returned } = await executeWrite(frame, verdict, node);
      await limits.drawOwed();
      const rows = returned === null ? [] : openCells(returned.rows, returned.columns, sealMarker, sealer);
      const affected = written.reduce((sum, { ids }) => sum + ids.length, 0);
      const columns = returned?.columns ?? [];
      const owed = { duties, notices: distinct(notices) };
      if (owes(owed)) onOwed({ ...owed, columns, sql: askedText(node), parameters: [], marker: sealMarker });
      return {
        result: { rows, numAffectedRows: BigInt(affected) },
        entries: written.map((one) => writeEntry(options, known, query, one)),
      };
    }
    default:
      return refuseNode(node, "statement");
  }
}

/** Views are made anew where a write looks again. */
function distinct(notices: readonly ReadNotice[]): readonly ReadNotice[] {
  return [
    ...new Map(notices.map((one) => [JSON.stringify([one.entity, one.action, one.whom]), one])).values(),
  ];
}

function writeEntry(
  options: GuardedDialectOptions,
  facts: KnownFacts,
  query: AskedQuery,
  { action, entity, ids, fields, rules, obligations }: WrittenRows,
): AuditEntry {
  const said = saidBy(options, facts);
  const predicate = askedText(query.copy());
  const done = { rows: ids, fields, rules, obligations, predicate };
  return newEntry({ ...said, kind: "write", outcome: "permit", action, entity, ...done });
}

export function refusalEntry(
  options: GuardedDialectOptions,
  facts: KnownFacts,
  query: AskedQuery,
  { refused }: Refusal,
): AuditEntry {
  return newEntry({ ...saidBy(options, facts), ...refused, predicate: askedText(query.copy()) });
}

/** What was asked, values and all, as a text to be digested. */
export function askedText(node: OperationNode): string {
  return JSON.stringify(node, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}
