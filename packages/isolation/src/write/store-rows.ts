/** Stores new rows, stamped with the tenant. A key that is taken is no error: whoever stores is told which rows were stored. */
import type { RowDocument } from "@wardline/core";
import { inOrder, known, type Asking } from "../gate/asking.ts";
import type { StoredEntity } from "../gate/catalogue.ts";
import { rowsWith } from "../gate/load-rows.ts";
import { exactText, textCell } from "../gate/run.ts";
import { joined, named, parameter, sql, type Sql } from "../scope/text.ts";
import { baseTable, tenantValue, type WriteFrame } from "./frame.ts";
import type { Assignment } from "./given.ts";
import { maxParameters } from "./store-changes.ts";
import { storedCells, type StoredCell } from "./stored-value.ts";

export interface IdentifiedRow {
  readonly id: string;
  readonly assignments: readonly Assignment[];
}

/**
 * Stores them and reads back which were stored, and what stands there now. The conflict is on the whole key, so no other
 * tenant's row is ever met.
 */
export async function storeRows(
  frame: WriteFrame,
  entity: StoredEntity,
  rows: readonly IdentifiedRow[],
): Promise<ReadonlyMap<string, RowDocument>> {
  const [stored, read] = await inOrder<[ReadonlySet<string>, ReadonlyMap<string, RowDocument>]>(
    frame.session,
    insertOf(frame, entity, rows),
    rowsWith(
      frame.source,
      entity,
      rows.map(({ id }) => id),
    ),
  );
  const back = [...stored].map((id) => [id, read.get(id)] as const);
  return new Map(back.flatMap(([id, row]) => (row === undefined ? [] : [[id, row] as const])));
}

function insertOf(
  frame: WriteFrame,
  entity: StoredEntity,
  rows: readonly IdentifiedRow[],
): Asking<ReadonlySet<string>> {
  const { storage } = entity;
  // In one order, so that two who store the same keys wait for each other and never in a circle.
  const ordered = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const [first] = ordered;
  if (first === undefined) return known(new Set());
  const cells = ({ id, assignments }: IdentifiedRow): readonly StoredCell[] =>
    assignments.flatMap((assignment) => storedCells(frame, entity, id, assignment));
  const columns = [named(storage.tenant), named(storage.key), ...cells(first).map(({ column }) => column)];
  const list = joined(columns, ", ");
  const key = joined([named(storage.tenant), named(storage.key)], ", ");
  const size = Math.floor(maxParameters / columns.length);
  const statements: Sql[] = [];
  for (let start = 0; start < ordered.length; start += size) {
    const tuples = ordered.slice(start, start + size).map((row) => {
      const values = cells(row).map(({ value }) => value);
      return sql`(${joined([tenantValue(frame), parameter(row.id), ...values], ", ")})`;
    });
    statements.push(
      sql`insert into ${baseTable(frame, entity)} as t (${list}) values ${joined(tuples, ", ")}
        on conflict (${key}) do nothing returning ${exactText(named("t", storage.key))} as id`,
    );
  }
  return {
    statements,
    read: (answers) => new Set(answers.flatMap((answer) => answer.rows.map((row) => textCell(row, "id")))),
  };
}
