/** ON CONFLICT DO UPDATE: a row that is there already is changed as by an UPDATE, with `excluded` in sight. */
import type { RowDocument } from "@wardline/core";
import type { OperationNode } from "kysely";
import { inOrder } from "../gate/asking.ts";
import { actionOf, storedField } from "../gate/catalogue.ts";
import { rowsWith } from "../gate/load-rows.ts";
import type { Column } from "../scope/relation.ts";
import { joined, named, parameter, sql, word, type Sql } from "../scope/text.ts";
import { changeRows } from "./change-rows.ts";
import { databaseType } from "./computed.ts";
import type { WriteFrame, WrittenRows } from "./frame.ts";
import type { Assignment } from "./given.ts";
import { pickValues, type PickedRow } from "./locked-rows.ts";
import type { InsertPlan } from "./plan-insert.ts";
import type { ReachOf } from "./reach.ts";
import type { Setting } from "./plan-change.ts";
import { maxParameters, type Change } from "./store-changes.ts";
import type { IdentifiedRow } from "./store-rows.ts";
import { isSealed } from "./stored-value.ts";
import { assignmentsOf, fieldsOf, plainAssignments, refuseComputedSeals } from "./update.ts";
import { writtenValue } from "./wire-value.ts";

export interface Upsert {
  readonly action: string;
  readonly settings: readonly Setting[];
  readonly where: OperationNode | null;
  readonly plain: ReadonlyMap<string, Assignment>;
}

/** Refuses what cannot be carried, before anything is written. */
export function prepareUpsert(frame: WriteFrame, plan: InsertPlan): Upsert | null {
  const { conflict, entity } = plan;
  if (conflict === null || conflict.kind === "skip") return null;
  const { model } = frame.source.program;
  refuseComputedSeals(frame, entity.name, conflict.settings);
  return {
    action: actionOf(model, entity.name, "updates"),
    settings: conflict.settings,
    where: conflict.where,
    plain: plainAssignments(frame, entity.name, conflict.settings),
  };
}

/** Changes rows that are locked and readable. Null where the condition picks none of them. */
export async function changeExisting(
  frame: WriteFrame,
  plan: InsertPlan,
  upsert: Upsert,
  others: boolean,
  rows: readonly IdentifiedRow[],
): Promise<WrittenRows | null> {
  const { entity } = plan;
  const { action, settings, plain } = upsert;
  const { model } = frame.source.program;
  const proposed = new Map(rows.map((row) => [row.id, row]));
  const size = Math.floor(maxParameters / (plan.places.length + 1));
  const changes: Change[] = [];
  const prior: RowDocument[] = [];
  for (let start = 0; start < rows.length; start += size) {
    const some = rows.slice(start, start + size);
    const ids = some.map(({ id }) => id);
    const of: ReachOf = { where: upsert.where, beside: excluded(frame, plan, some) };
    const [picked, stored] = await inOrder<[readonly PickedRow[], ReadonlyMap<string, RowDocument>]>(
      frame.session,
      pickValues(frame, plan, of, ids, settings),
      rowsWith(frame.source, entity, ids),
    );
    for (const row of picked) {
      const own = proposed.get(row.id) as IdentifiedRow;
      const assignments = assignmentsOf(
        model,
        settings,
        new Map([...plain, ...fromExcluded(frame, settings, own)]),
        row,
      );
      changes.push({ id: row.id, assignments });
      const before = stored.get(row.id);
      if (before !== undefined) prior.push(before);
    }
  }
  if (changes.length === 0) return null;
  const permitted = await changeRows(frame, entity, action, others, settings, changes, prior);
  return {
    action,
    entity: entity.name,
    ids: changes.map(({ id }) => id),
    fields: fieldsOf(settings),
    ...permitted,
  };
}

/** `set x = excluded.y` takes the value as it was given, which may be one that no database sees in plaintext. */
function fromExcluded(
  frame: WriteFrame,
  settings: readonly Setting[],
  row: IdentifiedRow,
): readonly (readonly [string, Assignment])[] {
  return settings.flatMap(({ field, column, given }) => {
    if (given.kind !== "excluded") return [];
    const value =
      given.column === null ? row.id : row.assignments.find((one) => one.column === given.column)?.value;
    return [
      [
        column,
        { field, column, value: writtenValue(frame.source.program.model, field, value ?? null) },
      ] as const,
    ];
  });
}

/** The rows that were to be inserted, by the columns that the insert lists. Sealed ones can be named, and not computed with. */
function excluded(
  frame: WriteFrame,
  { entity, places }: InsertPlan,
  rows: readonly IdentifiedRow[],
): NonNullable<ReachOf["beside"]> {
  const { model } = frame.source.program;
  const { key } = entity.storage;
  const alias = frame.rewriting.alias();
  const fields = places.flatMap((place) => (place.kind === "field" ? [place] : []));
  const plain = fields.filter(({ field }) => !isSealed(frame, entity.name, field.name));
  const tuples = rows.map(({ id, assignments }): Sql => {
    const values = plain.map(({ column, type }) => {
      const value = assignments.find((one) => one.column === column)?.value ?? null;
      return sql`cast(${parameter(value)} as ${databaseType(model, type)})`;
    });
    return sql`(${joined([sql`cast(${parameter(id)} as ${word(entity.keyType)})`, ...values], ", ")})`;
  });
  const names = joined(
    [key, ...plain.map(({ column }) => column)].map((name) => named(name)),
    ", ",
  );
  const columns = places.map((place): Column => ({
    name: place.column,
    sealed:
      place.kind === "field" && !plain.includes(place)
        ? {
            state: "sealed",
            entity: entity.name,
            field: place.field.name,
            ...storedField(model, entity.name, place.field.name),
          }
        : null,
  }));
  return {
    name: "excluded",
    relation: { alias, columns },
    text: sql`(values ${joined(tuples, ", ")}) as ${named(alias)} (${names})`,
    key,
  };
}
