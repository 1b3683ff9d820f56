/** Writes new values into rows that are locked: one statement where all rows get the same, else one for many rows. */
import { exactText, run } from "../gate/run.ts";
import { keyArray } from "../gate/wire-column.ts";
import type { StoredEntity } from "../gate/catalogue.ts";
import { joined, named, parameter, sql, word, type Sql } from "../scope/text.ts";
import { databaseType } from "./computed.ts";
import { baseTable, ofThisTenant, type WriteFrame } from "./frame.ts";
import type { Assignment } from "./given.ts";
import { isSealed, storedValue } from "./stored-value.ts";

/** A row with what it is to get; every row of one write gets the same columns. */
export interface Change {
  readonly id: string;
  readonly assignments: readonly Assignment[];
}

/** Parameters of one statement; the protocol ends at 65,535. */
export const maxParameters = 30_000;

/** The number of rows that took their values. */
export async function storeChanges(
  frame: WriteFrame,
  entity: StoredEntity,
  changes: readonly Change[],
): Promise<number> {
  const [first] = changes;
  if (first === undefined) return 0;
  const sealed = first.assignments.some(({ field }) => isSealed(frame, entity.name, field.name));
  const text = ({ assignments }: Change): string => JSON.stringify(assignments.map(({ value }) => value));
  // A sealed value is sealed for its row, so each has its own.
  const alike = !sealed && changes.every((change) => text(change) === text(first));
  if (alike || changes.length === 1)
    return update(
      frame,
      entity,
      first,
      keyArray(
        entity.keyType,
        changes.map(({ id }) => id),
      ),
    );
  const size = Math.floor(maxParameters / (first.assignments.length + 1));
  let stored = 0;
  for (let start = 0; start < changes.length; start += size)
    stored += await updateEach(frame, entity, changes.slice(start, start + size));
  return stored;
}

async function update(
  frame: WriteFrame,
  entity: StoredEntity,
  { id, assignments }: Change,
  ids: Sql,
): Promise<number> {
  const key = named("t", entity.storage.key);
  const sets = assignments.map(
    (assignment) => sql`${named(assignment.column)} = ${storedValue(frame, entity.name, id, assignment)}`,
  );
  const { rows } = await run(
    frame.session,
    sql`update ${baseTable(frame, entity)} as t set ${joined(sets, ", ")}
      where ${ofThisTenant(frame, entity)} and ${key} = any(${ids}) returning ${exactText(key)} as id`,
  );
  return rows.length;
}

async function updateEach(
  frame: WriteFrame,
  entity: StoredEntity,
  changes: readonly Change[],
): Promise<number> {
  const key = named("t", entity.storage.key);
  const columns = (changes[0] as Change).assignments.map(({ column }) => column);
  const sets = columns.map((column, index) => sql`${named(column)} = ${named("v", `v${index}`)}`);
  const tuples = changes.map(({ id, assignments }) => {
    const values = assignments.map((assignment) => cell(frame, entity, id, assignment));
    return sql`(${joined([sql`cast(${parameter(id)} as ${word(entity.keyType)})`, ...values], ", ")})`;
  });
  const names = joined([named("id"), ...columns.map((_, index) => named(`v${index}`))], ", ");
  const { rows } = await run(
    frame.session,
    sql`update ${baseTable(frame, entity)} as t set ${joined(sets, ", ")}
      from (values ${joined(tuples, ", ")}) as v (${names})
      where ${ofThisTenant(frame, entity)} and ${key} = ${named("v", "id")} returning ${exactText(key)} as id`,
  );
  return rows.length;
}

function cell(frame: WriteFrame, entity: StoredEntity, id: string, assignment: Assignment): Sql {
  const { field } = assignment;
  if (field.type.kind === "set") throw new TypeError(`${field.name} has no column`);
  const type = isSealed(frame, entity.name, field.name)
    ? word("bytea")
    : databaseType(frame.source.program.model, field.type);
  return sql`cast(${storedValue(frame, entity.name, id, assignment)} as ${type})`;
}
