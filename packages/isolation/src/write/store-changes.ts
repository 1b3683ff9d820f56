/** Writes new values into rows that are locked: one statement where all rows get the same, else one for many rows. */
import type { Asking } from "../gate/asking.ts";
import { exactText } from "../gate/run.ts";
import { keyArray } from "../gate/wire-column.ts";
import type { StoredEntity } from "../gate/catalogue.ts";
import { joined, named, parameter, sql, word, type Sql } from "../scope/text.ts";
import { baseTable, ofThisTenant, type WriteFrame } from "./frame.ts";
import type { Assignment } from "./given.ts";
import { isSealed, storedCells } from "./stored-value.ts";

/** A row with what it is to get; every row of one write gets the same columns. */
export interface Change {
  readonly id: string;
  readonly assignments: readonly Assignment[];
}

/** Parameters of one statement; the protocol ends at 65,535. */
export const maxParameters = 30_000;

/** Stores them; the answer is the number of rows that took their values. */
export function storeChanges(
  frame: WriteFrame,
  entity: StoredEntity,
  changes: readonly Change[],
): Asking<number> {
  return {
    statements: statementsFor(frame, entity, changes),
    read: (answers) => answers.reduce((sum, { rows }) => sum + rows.length, 0),
  };
}

function statementsFor(frame: WriteFrame, entity: StoredEntity, changes: readonly Change[]): readonly Sql[] {
  const [first] = changes;
  if (first === undefined) return [];
  const sealed = first.assignments.some(({ field }) => isSealed(frame, entity.name, field.name));
  const text = ({ assignments }: Change): string => JSON.stringify(assignments.map(({ value }) => value));
  // A sealed value is sealed for its row, so each has its own.
  const alike = !sealed && changes.every((change) => text(change) === text(first));
  if (alike || changes.length === 1) return [updateAll(frame, entity, first, changes)];
  // A sealed value may have its blind index beside it.
  const size = Math.floor(maxParameters / (2 * first.assignments.length + 1));
  const statements: Sql[] = [];
  for (let start = 0; start < changes.length; start += size)
    statements.push(updateEach(frame, entity, changes.slice(start, start + size)));
  return statements;
}

function updateAll(
  frame: WriteFrame,
  entity: StoredEntity,
  { id, assignments }: Change,
  changes: readonly Change[],
): Sql {
  const key = named("t", entity.storage.key);
  const ids = keyArray(
    entity.keyType,
    changes.map((change) => change.id),
  );
  const sets = assignments
    .flatMap((assignment) => storedCells(frame, entity, id, assignment))
    .map(({ column, value }) => sql`${column} = ${value}`);
  return sql`update ${baseTable(frame, entity)} as t set ${joined(sets, ", ")}
    where ${ofThisTenant(frame, entity)} and ${key} = any(${ids}) returning ${exactText(key)} as id`;
}

function updateEach(frame: WriteFrame, entity: StoredEntity, changes: readonly Change[]): Sql {
  const key = named("t", entity.storage.key);
  const rows = changes.map(({ id, assignments }) => ({
    id,
    cells: assignments.flatMap((assignment) => storedCells(frame, entity, id, assignment)),
  }));
  const columns = (rows[0] as (typeof rows)[number]).cells.map(({ column }) => column);
  const sets = columns.map((column, index) => sql`${column} = ${named("v", `v${index}`)}`);
  const tuples = rows.map(({ id, cells }) => {
    const values = cells.map(({ value, type }) => sql`cast(${value} as ${type})`);
    return sql`(${joined([sql`cast(${parameter(id)} as ${word(entity.keyType)})`, ...values], ", ")})`;
  });
  const names = joined([named("id"), ...columns.map((_, index) => named(`v${index}`))], ", ");
  return sql`update ${baseTable(frame, entity)} as t set ${joined(sets, ", ")}
    from (values ${joined(tuples, ", ")}) as v (${names})
    where ${ofThisTenant(frame, entity)} and ${key} = ${named("v", "id")} returning ${exactText(key)} as id`;
}
