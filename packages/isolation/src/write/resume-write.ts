/**
 * Carries a write out that was challenged before, from its values: nothing of the statement that asked for it is left. Rows are
 * locked, must be readable and be what they were; then all is decided as for any write.
 */
import { storedColumns, type FieldModel, type RowDocument } from "@wardline/core";
import { inOrder } from "../gate/asking.ts";
import { actionOf, entityNamed, isStored, type StoredEntity } from "../gate/catalogue.ts";
import { rowsWith } from "../gate/load-rows.ts";
import { sql } from "../scope/text.ts";
import { keyArray } from "../gate/wire-column.ts";
import { changeRows } from "./change-rows.ts";
import { deleteLocked } from "./delete.ts";
import type { WriteFrame, WrittenRows } from "./frame.ts";
import type { Assignment } from "./given.ts";
import { insertIdentified } from "./insert.ts";
import { dependsOnOthers, lockRows, pickAgain } from "./locked-rows.ts";
import type { Setting } from "./plan-change.ts";
import { NotResumed } from "./refusal.ts";
import type { Resumable, ResumableRow } from "./resumable.ts";
import { rowDigests } from "./row-digest.ts";
import type { IdentifiedRow } from "./store-rows.ts";
import { writtenValue } from "./wire-value.ts";
import type { WriteTarget } from "./write-target.ts";

/** Throws NotResumed where a row, or what the model says of it, has changed. */
export async function resumeWrite(
  frame: WriteFrame,
  entityName: string,
  write: Resumable,
): Promise<WrittenRows> {
  const { model } = frame.source.program;
  const entity = entityNamed(model, entityName);
  if (!isStored(entity)) throw new NotResumed("challenge/changed");
  const fields = fieldsNamed(entity, write.fields);
  switch (write.kind) {
    case "insert":
      return insertAgain(frame, entity, fields, write.rows);
    case "update":
      return updateAgain(frame, entity, fields, write.rows);
    case "delete":
      return deleteAgain(frame, entity, write.rows);
  }
}

/** The columns of fields by the names of the model. */
export function fieldsNamed(entity: StoredEntity, names: readonly string[]): readonly FieldModel[] {
  return names.map((name) => {
    const field = storedColumns(entity).find((one) => one.name === name);
    if (field === undefined) throw new NotResumed("challenge/changed");
    return field;
  });
}

async function insertAgain(
  frame: WriteFrame,
  entity: StoredEntity,
  fields: readonly FieldModel[],
  rows: readonly ResumableRow[],
): Promise<WrittenRows> {
  const places = fields.flatMap((field) =>
    field.storage?.kind === "column" && field.type.kind !== "set"
      ? [{ kind: "field" as const, column: field.storage.column, type: field.type, field }]
      : [],
  );
  const plan = { ...targetOf(entity), places, source: { kind: "rows", rows: [] }, conflict: null } as const;
  const { written } = await insertIdentified(frame, plan, newRowsOf(frame, entity, fields, rows));
  const [only] = written;
  if (only === undefined) throw new NotResumed("challenge/changed");
  return only;
}

/** New rows with every column, those that were left out empty. */
export function newRowsOf(
  frame: WriteFrame,
  entity: StoredEntity,
  fields: readonly FieldModel[],
  rows: readonly ResumableRow[],
): readonly IdentifiedRow[] {
  const rest = storedColumns(entity).filter(({ name }) => !fields.some((field) => field.name === name));
  return rows.map((row) => ({
    id: row.id,
    assignments: [
      ...assigned(frame, fields, row),
      ...assigned(frame, rest, { ...row, values: rest.map(() => null) }),
    ],
  }));
}

async function updateAgain(
  frame: WriteFrame,
  entity: StoredEntity,
  fields: readonly FieldModel[],
  rows: readonly ResumableRow[],
): Promise<WrittenRows> {
  const action = actionOf(frame.source.program.model, entity.name, "updates");
  const others = dependsOnOthers(frame, entity, action, fields);
  const { now, prior } = await lockedAsBefore(
    frame,
    entity,
    rows,
    others ? "for update" : "for no key update",
    unseen,
  );
  const settings = settingsOf(fields);
  const changes = changesOf(frame, fields, rows);
  const permitted = await changeRows(now, entity, action, others, settings, changes, prior);
  return { action, entity: entity.name, ids: rows.map(({ id }) => id), fields: names(fields), ...permitted };
}

async function deleteAgain(
  frame: WriteFrame,
  entity: StoredEntity,
  rows: readonly ResumableRow[],
): Promise<WrittenRows> {
  const action = actionOf(frame.source.program.model, entity.name, "deletes");
  const others = dependsOnOthers(frame, entity, action, []);
  const { now, prior } = await lockedAsBefore(frame, entity, rows, "for update", unseen);
  return deleteLocked(
    now,
    entity,
    action,
    others,
    rows.map(({ id }) => id),
    prior,
  );
}

const unseen = (): Error => new NotResumed("challenge/changed");

/**
 * The rows, locked, as they are stored. Throws NotResumed where one is not what it was, and `absent` where one is gone or cannot be
 * read by whoever looks.
 */
export async function lockedAsBefore(
  frame: WriteFrame,
  entity: StoredEntity,
  rows: readonly ResumableRow[],
  strength: "for update" | "for no key update",
  absent: () => Error,
): Promise<{ readonly now: WriteFrame; readonly prior: readonly RowDocument[] }> {
  const ids = rows.map(({ id }) => id);
  const locked = await lockRows(frame, entity, sql`= any(${keyArray(entity.keyType, ids)})`, strength);
  const now = await frame.renewed();
  const [readable, stored, digests] = await inOrder<
    [readonly string[], ReadonlyMap<string, RowDocument>, ReadonlyMap<string, string>]
  >(
    frame.session,
    pickAgain(now, targetOf(entity), { where: null }, locked),
    rowsWith(frame.source, entity, locked),
    rowDigests(frame, entity, locked),
  );
  const prior = rows.map(({ id, prior: digest }) => {
    const row = stored.get(id);
    if (row === undefined || !readable.includes(id)) throw absent();
    if (digest === null || digests.get(id) !== digest) throw new NotResumed("challenge/changed");
    return row;
  });
  return { now, prior };
}

/** The entity's own table under its own name. */
function targetOf(entity: StoredEntity): WriteTarget {
  return { entity, name: entity.storage.table, returning: null, with: undefined };
}

export function changesOf(
  frame: WriteFrame,
  fields: readonly FieldModel[],
  rows: readonly ResumableRow[],
): readonly IdentifiedRow[] {
  return rows.map((row) => ({ id: row.id, assignments: assigned(frame, fields, row) }));
}

/** Values are looked at again: whatever was sealed, only what the model takes is written. */
function assigned(
  frame: WriteFrame,
  fields: readonly FieldModel[],
  row: ResumableRow,
): readonly Assignment[] {
  return fields.map((field, at) => {
    if (field.storage?.kind !== "column") throw new NotResumed("challenge/changed");
    const value = writtenValue(frame.source.program.model, field, row.values[at] ?? null);
    return { field, column: field.storage.column, value };
  });
}

function settingsOf(fields: readonly FieldModel[]): readonly Setting[] {
  return fields.flatMap((field) =>
    field.storage?.kind === "column"
      ? [{ field, column: field.storage.column, given: { kind: "value", value: null } as const }]
      : [],
  );
}

const names = (fields: readonly FieldModel[]): readonly string[] => fields.map(({ name }) => name);
