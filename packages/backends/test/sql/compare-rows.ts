/** Holds a guarded view to the evaluator: the same rows, and in every cell what the mask shows. */
import type { PGlite } from "@electric-sql/pglite";
import {
  applyMask,
  type Decision,
  evaluate,
  type GuardedView,
  type KnownFacts,
  type Mask,
  parseSealedCell,
  printSelect,
  type Program,
  type WireValue,
} from "@wardline/core";
import { expect } from "vitest";
import { compileViews } from "@wardline/backends";
import { type Book, type LibraryData, requestFor } from "./library-data.ts";
import { bookFields } from "./library-model.ts";

export const marker = "mark\u{1F516}'$1";

export function statementOf(view: GuardedView): {
  readonly sql: string;
  readonly values: readonly unknown[];
} {
  const { fragments, parameters } = printSelect(view.select);
  const sql = fragments.reduce((text, fragment, index) => `${text}$${index}${fragment}`);
  return { sql, values: parameters.map((p) => p.value) };
}

/** All rows of a view as texts, by key. Instants in wire form. */
export async function rowsOf(
  database: PGlite,
  view: GuardedView,
): Promise<ReadonlyMap<string, Record<string, string | null>>> {
  const { sql, values } = statementOf(view);
  const columns = view.select.columns.map(({ as }) => {
    const name = `v."${as.replaceAll('"', '""')}"`;
    const isInstant = bookFields.some(
      (f) => f.type.kind === "instant" && f.storage?.kind === "column" && f.storage.column === as,
    );
    const shown = isInstant
      ? `to_char(${name} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
      : `${name}::text`;
    return `${shown} as "${as.replaceAll('"', '""')}"`;
  });
  const result = await database.query<Record<string, string | null>>(
    `select ${columns.join(", ")} from (${sql}) v`,
    [...values],
  );
  const rows = new Map(result.rows.map((row) => [row["id"] as string, row]));
  expect(rows.size).toBe(result.rows.length);
  return rows;
}

/** Compares the view of an action with the evaluator, row by row; returns how many rows it has. */
export async function compareRows(
  database: PGlite,
  program: Program,
  data: LibraryData,
  facts: KnownFacts,
  action = "list",
): Promise<number> {
  const view = compileViews(program).bind("Book", action, facts, { schema: "library", sealMarker: marker });
  const rows = await rowsOf(database, view);
  const answers = data.books.map((book) => ({
    book,
    decision: evaluate(program, requestFor(data, facts, action, book)),
  }));
  const permitted = answers.filter(({ decision }) => decision.outcome === "permit");
  expect([...rows.keys()].toSorted()).toEqual(permitted.map(({ book }) => book.id).toSorted());
  if (view.residual === "never") expect(rows.size).toBe(0);
  if (view.residual === "always")
    expect(rows.size).toBe(data.books.filter((book) => book.tenant === facts.tenant.id).length);
  for (const { book, decision } of permitted) {
    const row = rows.get(book.id) as Record<string, string | null>;
    for (const { name, storage } of bookFields) {
      if (storage?.kind !== "column") continue;
      const sealed = program.sealed.some((s) => s.fields.includes(name));
      const cell = row[storage.column] as string | null;
      if (sealed) expectSealed(cell, book, name, maskOf(decision, name));
      else expect([name, cell]).toEqual([name, shown(book.fields[name] ?? null, maskOf(decision, name))]);
    }
  }
  return rows.size;
}

function expectSealed(cell: string | null, book: Book, field: string, mask: Mask): void {
  const stored = book.fields[field] ?? null;
  if (stored === null || mask.kind === "hide") return expect(cell).toBeNull();
  expect(parseSealedCell(marker, cell ?? "")).toEqual({
    state: "sealed",
    mask,
    entity: "Book",
    field,
    row: book.id,
    bytes: stored,
  });
}

function maskOf(decision: Decision, field: string): Mask {
  for (const obligation of decision.obligations) {
    if (obligation.type === "hide" && obligation.field === field) return { kind: "hide" };
    if (obligation.type === "mask" && obligation.field === field) return obligation.mask;
  }
  return { kind: "show" };
}

function shown(value: WireValue | null, mask: Mask): string | null {
  return value === null ? null : applyMask(mask, String(value));
}
