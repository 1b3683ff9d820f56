/** Stores new rows, stamped with the tenant. A key that is taken is no error: who asks is told which rows were stored. */
import type { StoredEntity } from "../gate/catalogue.ts";
import { exactText, run, textCell } from "../gate/run.ts";
import { joined, named, parameter, sql } from "../scope/text.ts";
import { baseTable, tenantValue, type WriteFrame } from "./frame.ts";
import type { Assignment } from "./given.ts";
import { maxParameters } from "./store-changes.ts";
import { storedValue } from "./stored-value.ts";

export interface IdentifiedRow {
  readonly id: string;
  readonly assignments: readonly Assignment[];
}

/** The ids under which rows were stored. The conflict is on the whole key, so no other tenant's row is ever met. */
export async function storeRows(
  frame: WriteFrame,
  entity: StoredEntity,
  rows: readonly IdentifiedRow[],
): Promise<ReadonlySet<string>> {
  const { storage, name } = entity;
  const [first] = rows;
  const stored = new Set<string>();
  if (first === undefined) return stored;
  const columns = [storage.tenant, storage.key, ...first.assignments.map(({ column }) => column)];
  const list = joined(
    columns.map((column) => named(column)),
    ", ",
  );
  const key = joined([named(storage.tenant), named(storage.key)], ", ");
  const size = Math.floor(maxParameters / columns.length);
  for (let start = 0; start < rows.length; start += size) {
    const tuples = rows.slice(start, start + size).map(({ id, assignments }) => {
      const values = assignments.map((assignment) => storedValue(frame, name, id, assignment));
      return sql`(${joined([tenantValue(frame), parameter(id), ...values], ", ")})`;
    });
    const answer = await run(
      frame.session,
      sql`insert into ${baseTable(frame, entity)} as t (${list}) values ${joined(tuples, ", ")}
        on conflict (${key}) do nothing returning ${exactText(named("t", storage.key))} as id`,
    );
    for (const row of answer.rows) stored.add(textCell(row, "id"));
  }
  return stored;
}
