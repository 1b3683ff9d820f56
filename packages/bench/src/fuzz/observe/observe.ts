/** Runs a statement and says all that its caller can see of it, as text that can be compared. */
import { revealRow } from "@wardline/isolation";
import { CompiledQuery, type ControlledTransaction } from "kysely";
import type { AnyDb, AnyTables } from "../statement/build-expression.ts";
import { buildStatement, elsewhere } from "../statement/build-statement.ts";
import type { Query, Statement } from "../statement/language.ts";
import { failure, plain } from "./failure.ts";

/** `done`: it ended well; else the code of what it was refused with. */
export interface Observed {
  readonly text: string;
  readonly outcome: string;
  readonly rows: number;
}

export async function observe(db: AnyDb, statement: Statement): Promise<Observed> {
  try {
    const rows = await answer(db, statement);
    return { text: JSON.stringify(rows, plain), outcome: "done", rows: rows.length };
  } catch (error) {
    return { text: failure(error), outcome: codeOf(error), rows: 0 };
  }
}

async function answer(db: AnyDb, statement: Statement): Promise<readonly unknown[]> {
  switch (statement.kind) {
    case "transaction":
      return statement.savepoints ? withSavepoints(db, statement) : transaction(db, statement);
    case "text": {
      const asked = CompiledQuery.raw(statement.text.join(""), [...statement.values]);
      const { rows, numAffectedRows } = await db.executeQuery(asked);
      return [...definedRows(statement, rows), numAffectedRows ?? null];
    }
    case "text of": {
      const { sql, parameters } = buildStatement(elsewhere, statement.query).compile();
      const { rows } = await db.executeQuery(CompiledQuery.raw(sql, [...parameters]));
      return comparable(statement.query, rows, false);
    }
    case "stream": {
      const taken: unknown[] = [];
      if (statement.take === 0) return taken;
      for await (const row of buildStatement(db, statement).stream(statement.page)) {
        taken.push(shown(row));
        if (taken.length === statement.take) break;
      }
      return comparable(statement.query, taken, statement.take !== null);
    }
    case "select":
      return comparable(statement, (await buildStatement(db, statement).execute()).map(shown), false);
    case "insert":
    case "update":
    case "delete":
    case "merge":
      return sorted((await buildStatement(db, statement).execute()).map(shown));
  }
}

class Undone extends Error {}

async function transaction(
  db: AnyDb,
  { statements, end, stubborn }: Statement & { kind: "transaction" },
): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  try {
    await db.transaction().execute(async (trx) => {
      for (const statement of statements)
        try {
          seen.push(await answer(trx, statement));
        } catch (error) {
          seen.push(failure(error));
          if (!stubborn) throw error;
        }
      if (end === "throw") throw new Undone();
    });
  } catch (error) {
    if (!(error instanceof Undone)) seen.push(failure(error));
  }
  return seen;
}

async function withSavepoints(
  db: AnyDb,
  { statements, end }: Statement & { kind: "transaction" },
): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  let trx: ControlledTransaction<AnyTables> | null = null;
  try {
    trx = await db.startTransaction().execute();
    for (const [at, statement] of statements.entries()) {
      const inside: ControlledTransaction<AnyTables, [string]> = await trx.savepoint(`s${at}`).execute();
      try {
        seen.push(await answer(inside, statement));
        if (at % 2 === 0) await inside.releaseSavepoint(`s${at}`).execute();
      } catch (error) {
        seen.push(failure(error));
        await inside.rollbackToSavepoint(`s${at}`).execute();
      }
    }
    await (end === "commit" ? trx.commit() : trx.rollback()).execute();
    trx = null;
  } catch (error) {
    seen.push(failure(error));
    await trx
      ?.rollback()
      .execute()
      .catch((failed: unknown) => seen.push(failure(failed)));
  }
  return seen;
}

/** What is defined of the rows: all in order, all in no order, or their number. */
function comparable(query: Query, rows: readonly unknown[], cut: boolean): readonly unknown[] {
  if (query.total) return rows;
  // With ties the rows are defined, whatever their number.
  const isCut =
    cut ||
    (query.fetch !== undefined && !query.fetch.ties) ||
    query.limit !== null ||
    query.offset !== null ||
    Array.isArray(query.distinct);
  if (isCut) return rows.map(() => "a row");
  // Rows that the order does not tell apart come in any order; what it is by comes in one.
  const keys = query.order.flatMap(({ by }) => (by.e === "column" && by.table === null ? [by.column] : []));
  const sequence = rows.map((row) => keys.map((key) => (row as Record<string, unknown>)[key]));
  return [...sorted(rows), ...(keys.length === 0 ? [] : [sequence])];
}

function definedRows({ rows }: Statement & { kind: "text" }, found: readonly unknown[]): readonly unknown[] {
  if (rows === undefined) return found;
  return rows === "number" ? found.map(() => "a row") : sorted(found);
}

function sorted(rows: readonly unknown[]): readonly unknown[] {
  return rows.map((row) => JSON.stringify(row, plain)).toSorted();
}

/** The row with what stands in its sealed cells, which say nothing of themselves. */
function shown(row: unknown): unknown {
  return typeof row === "object" && row !== null ? revealRow(row) : row;
}

function codeOf(error: unknown): string {
  const code: unknown =
    typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : `error ${error instanceof Error ? error.name : "thrown"}`;
}
