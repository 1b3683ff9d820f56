/**
 * Seals plaintext into the cells beside it, and reads back what the database then has: nothing is taken for sealed that was not
 * opened from there.
 */
import { UnsupportedQuery } from "../../errors.ts";
import type { Sealer, SqlSession } from "../../contracts.ts";
import { quoteName } from "../../schema/identifier.ts";
import { blindIndexType, sealedColumn, textColumn } from "../../schema/column-type.ts";
import { keyPlans, type ColumnPlan } from "../../schema/table-plan.ts";
import { fromText } from "../../placement/read-rows.ts";
import type { TenantTable } from "../../placement/tenant-tables.ts";
import { compareAndSet } from "../jobs/compare-and-set.ts";
import type { CellFault, PageOutcome } from "../jobs/walk-table.ts";
import { AdoptionError } from "./adoption-error.ts";
import { unsealedYet } from "./adoption-names.ts";
import { isStale, placeOf, type AdoptedColumn, type AdoptedTable } from "./adopted-table.ts";

/** A row of which cells are to be made: for each adopted column its plaintext, or null where there is nothing to do. */
export interface StaleRow {
  readonly key: readonly string[];
  readonly values: readonly (string | null)[];
}

/** What is read of a stale row, over `t`, in the order of the columns. */
export const staleReads = (columns: readonly AdoptedColumn[]): readonly string[] =>
  columns.map((column) => `CASE WHEN ${isStale(column)} THEN t.${quoteName(column.plan.name)}::text END`);

/** The table as it stands: the plaintext as text, and what is beside it. */
export function standingTable({ plan }: AdoptedTable, columns: readonly AdoptedColumn[]): TenantTable {
  const plain = new Map(columns.map((column) => [column.plan.name, plainColumn(column)]));
  return {
    ...plan,
    columns: [
      ...plan.columns
        .filter(({ indexOf }) => indexOf === undefined)
        .map((column) => plain.get(column.name) ?? column),
      ...columns.flatMap(cellColumns),
    ],
  };
}

const plainColumn = ({ plan }: AdoptedColumn): ColumnPlan => ({ ...plan, type: textColumn });

const cellColumns = ({ names, index }: AdoptedColumn): readonly ColumnPlan[] => [
  { name: names.sealed, type: sealedColumn, optional: true },
  ...(index === null ? [] : [{ name: names.index, type: blindIndexType, optional: true }]),
];

/** In one transaction. Rows that somebody holds, or has changed since they were read, stay stale. */
export async function sealRows(
  session: SqlSession,
  table: AdoptedTable,
  columns: readonly AdoptedColumn[],
  tenant: string,
  sealer: Sealer,
  rows: readonly StaleRow[],
): Promise<PageOutcome> {
  const standing = standingTable(table, columns);
  const at = { tenant, schema: table.schema };
  const faults: CellFault[] = [];
  let changed = 0;
  for (const [place, column] of columns.entries()) {
    const field = { table: table.plan.name, column: column.plan.name };
    const changes = rows.flatMap(({ key, values }) => {
      const text = values[place] ?? null;
      if (text === null) return [];
      const row = key[0] as string;
      try {
        const sealed = sealer.seal({ ...field, row }, text);
        const indexed = column.index === null ? [] : [sealer.blindIndex(field, text)];
        return [{ key, was: [text], becomes: [sealed, ...indexed] }];
      } catch (error) {
        if (!(error instanceof UnsupportedQuery)) throw error;
        faults.push({ ...field, row, code: error.code });
        return [];
      }
    });
    const set = cellColumns(column);
    changed += await compareAndSet(session, at, standing, { compared: [plainColumn(column)], set }, changes);
    await readBack(
      session,
      table,
      standing,
      column,
      tenant,
      sealer,
      changes.map(({ key }) => key),
    );
  }
  return { changed: Math.min(changed, rows.length), faults };
}

/** Throws `adopt/faulty`, which undoes the transaction, for a cell that does not open to the plaintext beside it. */
async function readBack(
  session: SqlSession,
  table: AdoptedTable,
  standing: TenantTable,
  column: AdoptedColumn,
  tenant: string,
  sealer: Sealer,
  keys: readonly (readonly string[])[],
): Promise<void> {
  if (keys.length === 0) return;
  const { names, index, plan } = column;
  const [key] = keyPlans(standing) as readonly [ColumnPlan];
  const id = quoteName(key.name);
  const { rows } = await session.query(
    `SELECT t.${id}::text AS id, t.${quoteName(plan.name)}::text AS plain, pg_catalog.encode(t.${quoteName(names.sealed)}, 'hex') AS sealed,
  ${index === null ? "NULL" : `pg_catalog.encode(t.${quoteName(names.index)}, 'hex')`} AS index
FROM ${table.relation} AS t WHERE t.${quoteName(standing.tenant)} = $1 AND t.${id} IN (SELECT ${fromText(key, "k.id")} FROM pg_catalog.unnest($2::text[]) AS k(id))
  AND t.${quoteName(names.sealed)} <> '\\x${unsealedYet}'::pg_catalog.bytea`,
    [tenant, keys.map(([first]) => first)],
  );
  for (const row of rows)
    if (!opensTo(sealer, table, column, row))
      throw new AdoptionError(
        "adopt/faulty",
        `a cell of ${placeOf(table, plan.name)} does not open to the plaintext beside it: nothing of the page was stored`,
      );
}

/** Whether what is stored is the plaintext, sealed for this place, and is found by it. */
export function opensTo(
  sealer: Sealer,
  { plan: table }: AdoptedTable,
  { plan, index }: AdoptedColumn,
  row: Readonly<Record<string, unknown>>,
): boolean {
  const field = { table: table.name, column: plan.name };
  const { id, plain, sealed } = row as {
    readonly id: string;
    readonly plain: string;
    readonly sealed: string;
  };
  if (sealer.open({ ...field, row: id }, sealed) !== plain) return false;
  return index === null || sealer.blindIndexes(field, plain).includes(String(row["index"]));
}
