/** INSERT: stamped with the tenant, sealed, stored, loaded back as stored, and asked about. */
import { storedColumns, type RowDocument } from "@wardline/core";
import { actionOf } from "../gate/catalogue.ts";
import { factsOf, permitted } from "./ask.ts";
import type { WriteFrame, Written, WrittenRows } from "./frame.ts";
import { dependsOnOthers } from "./locked-rows.ts";
import { newRows } from "./new-rows.ts";
import type { InsertPlan } from "./plan-insert.ts";
import { refusedAtBoundary } from "./refusal.ts";
import { referencesReadable } from "./references.ts";
import { resumableBy, type Resumable } from "./resumable.ts";
import { prepareReturning, returned } from "./returning.ts";
import { newRowId } from "./row-id.ts";
import { storeRows, type IdentifiedRow } from "./store-rows.ts";
import { storeUnlessTaken } from "./taken-keys.ts";
import { changeExisting, prepareUpsert } from "./upsert.ts";

export async function insertRows(frame: WriteFrame, plan: InsertPlan): Promise<Written> {
  prepareReturning(frame, plan);
  const rows = (await newRows(frame, plan)).map((row) => ({ ...row, id: row.id ?? newRowId(frame.now) }));
  return insertIdentified(frame, plan, rows);
}

/** Rows that have their ids and their values. */
export async function insertIdentified(
  frame: WriteFrame,
  plan: InsertPlan,
  rows: readonly IdentifiedRow[],
): Promise<Written> {
  const { entity } = plan;
  const { model } = frame.source.program;
  const action = actionOf(model, entity.name, "creates");
  const upsert = prepareUpsert(frame, plan);
  const others = [action, ...(upsert === null ? [] : [upsert.action])].some((name) =>
    dependsOnOthers(frame, entity, name, storedColumns(entity)),
  );
  const strength = upsert === null ? "for key share" : others ? "for update" : "for no key update";
  const { created, stored, existing, taken } = await storeUnlessTaken(frame, plan, rows, strength);
  // Storing waited for whoever had the key or what is referred to: what was read before that is stale.
  const now = others ? await frame.renewed() : frame;
  const written: WrittenRows[] = [];
  if (created.length + taken.length > 0)
    written.push(
      await resumableBy(
        () => resumableInsert(plan, rows),
        () => permitCreated(now, plan, action, others, created, stored, taken),
      ),
    );
  const changed = upsert === null ? null : await changeExisting(now, plan, upsert, others, existing);
  if (changed !== null) written.push(changed);
  const touched = new Set(written.flatMap(({ ids }) => ids));
  const ids = rows.map(({ id }) => id).filter((id, at, all) => touched.has(id) && all.indexOf(id) === at);
  return { written, returned: await returned(now, plan, ids) };
}

/** Which rows an `on conflict` finds may be others when it is carried out. */
function resumableInsert({ conflict, places }: InsertPlan, rows: readonly IdentifiedRow[]): Resumable | null {
  if (conflict !== null) return null;
  const fields = places.flatMap((place) => (place.kind === "field" ? [place.field.name] : []));
  return {
    kind: "insert",
    fields,
    rows: rows.map(({ id, assignments }) => ({
      id,
      prior: null,
      values: fields.map((name) => assignments.find(({ field }) => field.name === name)?.value ?? null),
    })),
  };
}

/**
 * Asks about rows that were stored. Those whose keys are taken stand under other ids while the policy is asked, and are then
 * refused: who may not create a row learns that alone, whether its id is taken or free.
 */
async function permitCreated(
  frame: WriteFrame,
  { entity, places }: InsertPlan,
  action: string,
  others: boolean,
  created: readonly IdentifiedRow[],
  stored: ReadonlyMap<string, RowDocument>,
  taken: readonly IdentifiedRow[],
): Promise<WrittenRows> {
  const standIns = taken.map((row) => ({ ...row, id: newRowId(frame.now) }));
  const standing = await storeRows(frame, entity, standIns);
  const rows = [...created, ...standIns];
  const asked = [...created, ...taken].map(({ id }) => id);
  const ids = rows.map(({ id }) => id);
  // Invariant: `next` is the stored row, whatever the table's triggers made of it.
  const next = ids.flatMap((id) => stored.get(id) ?? standing.get(id) ?? []);
  if (next.length !== ids.length) throw refusedAtBoundary(action, entity.name, asked);
  const { rules, obligations } = await permitted(frame, entity, action, asked, others, async (now) => {
    const assigned = rows.flatMap(({ assignments }) => assignments);
    if (!(await referencesReadable(now, assigned))) throw refusedAtBoundary(action, entity.name, asked);
    return (await factsOf(now, entity, next)).map((row) => ({ next: row }));
  });
  if (standIns.length > 0) throw refusedAtBoundary(action, entity.name, asked);
  const fields = places.flatMap((place) => (place.kind === "field" ? [place.field.name] : []));
  return { action, entity: entity.name, ids, fields, rules, obligations };
}
