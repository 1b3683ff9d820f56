/** Runs one statement of a caller inside a transaction that has entered its context. It sees the tree, never the text. */
import { randomBytes } from "node:crypto";
import { instantFromDate, type KnownFacts } from "@wardline/core";
import type { OperationNode, QueryResult } from "kysely";
import type { AuditEntry, SqlSession } from "../contracts.ts";
import { closePrincipal } from "../gate/facts.ts";
import type { RowSource } from "../gate/load-rows.ts";
import { run } from "../gate/run.ts";
import { createRewriting } from "../scope/guarded-source.ts";
import { refuseNode, verdicts } from "../scope/node-kinds.ts";
import { emptyScope } from "../scope/relation.ts";
import type { Refusal } from "../write/refusal.ts";
import type { Written } from "../write/frame.ts";
import { executeWrite } from "../write/write.ts";
import { openCells } from "./open-cells.ts";
import type { GuardedDialectOptions } from "./options.ts";

export interface StatementResult {
  readonly result: QueryResult<unknown>;
  /** What the audit log is to say of it; null where nothing was written. */
  readonly entry: AuditEntry | null;
}

export function isWrite(node: OperationNode): boolean {
  return ["insert", "update", "delete"].includes(verdictOf(node));
}

function verdictOf(node: OperationNode): string {
  return Object.hasOwn(verdicts, node.kind) ? verdicts[node.kind] : "unknown";
}

export async function executeStatement(
  options: GuardedDialectOptions,
  session: SqlSession,
  known: KnownFacts,
  node: OperationNode,
): Promise<StatementResult> {
  const { guard, sealer } = options;
  const { schema } = options.database;
  const source: RowSource = { program: guard.program, schema, tenant: known.tenant.id };
  const now = options.clock();
  const facts = await closePrincipal(
    session,
    source,
    { ...known, now: known.now ?? instantFromDate(now) },
    options.sessionParents,
  );
  const sealMarker = randomBytes(16).toString("hex");
  const verdict = verdictOf(node);
  const asks = verdict === "select" ? "list" : "read";
  const rewriting = createRewriting({
    guard,
    facts,
    schema,
    asks,
    sealMarker,
    mayOpen: options.leakproofChecked === true,
  });
  switch (verdict) {
    case "select": {
      const { text, columns } = rewriting.select(node, emptyScope);
      const { rows } = await run(session, text);
      return { result: { rows: openCells(rows, columns, sealMarker, sealer) }, entry: null };
    }
    case "insert":
    case "update":
    case "delete": {
      const report = (error: unknown): void => options.onOperatorError?.(error);
      const written = await executeWrite(
        { session, source, guard, facts, rewriting, sealer, now, report },
        verdict,
        node,
      );
      const rows =
        written.returned === null
          ? []
          : openCells(written.returned.rows, written.returned.columns, sealMarker, sealer);
      return {
        result: { rows, numAffectedRows: BigInt(written.ids.length) },
        entry: written.ids.length === 0 ? null : writeEntry(options, known, written),
      };
    }
    default:
      return refuseNode(node, "statement");
  }
}

function writeEntry(options: GuardedDialectOptions, facts: KnownFacts, written: Written): AuditEntry {
  const { action, entity, ids, rules } = written;
  return { ...commonEntry(options, facts), kind: "write", action, entity, rows: ids, rules, reason: null };
}

export function refusalEntry(
  options: GuardedDialectOptions,
  facts: KnownFacts,
  refusal: Refusal,
): AuditEntry {
  return { ...commonEntry(options, facts), ...refusal.refused };
}

function commonEntry(
  options: GuardedDialectOptions,
  facts: KnownFacts,
): Pick<AuditEntry, "principal" | "revision" | "at"> {
  const { type, id } = facts.principal;
  return { principal: { type, id }, revision: options.guard.revision, at: instantFromDate(options.clock()) };
}
