/** UPDATE: rows are locked, picked again with the values that they are to get, changed, and asked about. */
import type { ModelIr, RowDocument } from "@wardline/core";
import { inOrder } from "../gate/asking.ts";
import { actionOf } from "../gate/catalogue.ts";
import { rowsWith } from "../gate/load-rows.ts";
import { changeRows } from "./change-rows.ts";
import type { WriteFrame, Written } from "./frame.ts";
import type { Assignment } from "./given.ts";
import { dependsOnOthers, lockPicked, pickValues, type PickedRow } from "./locked-rows.ts";
import type { Setting, UpdatePlan } from "./plan-change.ts";
import { digestsIfChallenged } from "./row-digest.ts";
import { prepareReturning, returned } from "./returning.ts";
import { givenValue, isSealed } from "./stored-value.ts";
import { writtenValue } from "./wire-value.ts";
import { shape } from "./write-target.ts";

export async function updateRows(frame: WriteFrame, plan: UpdatePlan): Promise<Written> {
  const { session, source } = frame;
  const { entity, settings } = plan;
  const { model } = source.program;
  const action = actionOf(model, entity.name, "updates");
  prepareReturning(frame, plan);
  refuseComputedSeals(frame, plan.entity.name, settings);
  const plain = plainAssignments(frame, entity.name, settings);
  const others = dependsOnOthers(
    frame,
    entity,
    action,
    settings.map(({ field }) => field),
  );
  const locked = await lockPicked(frame, plan, plan, others ? "for update" : "for no key update");
  // What is read from here on is what holds now that the rows stand still.
  const now = others && locked.length > 0 ? await frame.renewed() : frame;
  const [picked, rows, digests] = await inOrder<
    [readonly PickedRow[], ReadonlyMap<string, RowDocument>, ReadonlyMap<string, string>]
  >(
    session,
    pickValues(now, plan, plan, locked, settings),
    rowsWith(source, entity, locked),
    digestsIfChallenged(now, entity, action, locked),
  );
  const ids = picked.map(({ id }) => id);
  if (ids.length === 0) return { written: [], returned: await returned(now, plan, ids) };
  const changes = picked.map((row) => ({
    id: row.id,
    assignments: assignmentsOf(model, settings, plain, row),
  }));
  const prior = ids.flatMap((id) => rows.get(id) ?? []);
  const permitted = await changeRows(now, entity, action, others, settings, changes, prior, digests);
  return {
    written: [{ action, entity: entity.name, ids, fields: fieldsOf(settings), ...permitted }],
    returned: await returned(now, plan, ids),
  };
}

/** What the database computes would have to be sent to it in plaintext. */
export function refuseComputedSeals(frame: WriteFrame, entity: string, settings: readonly Setting[]): void {
  const computed = settings.find(
    ({ field, given }) => given.kind === "computed" && isSealed(frame, entity, field.name),
  );
  if (computed !== undefined)
    throw shape(`${computed.field.name} is sealed: it takes a value, and no expression`);
}

/** The names of the fields that are set. */
export function fieldsOf(settings: readonly Setting[]): readonly string[] {
  return settings.map(({ field }) => field.name);
}

/** The values that need no database, checked before anything is asked of it. */
export function plainAssignments(
  frame: WriteFrame,
  entity: string,
  settings: readonly Setting[],
): ReadonlyMap<string, Assignment> {
  return new Map(
    settings.flatMap(({ field, column, given }) =>
      given.kind === "value"
        ? [[column, { field, column, value: givenValue(frame, entity, field, given.value) }] as const]
        : [],
    ),
  );
}

export function assignmentsOf(
  model: ModelIr,
  settings: readonly Setting[],
  plain: ReadonlyMap<string, Assignment>,
  row: PickedRow,
): readonly Assignment[] {
  return settings.map(
    ({ field, column }) =>
      plain.get(column) ?? {
        field,
        column,
        value: writtenValue(model, field, row.values.get(column) ?? null),
      },
  );
}
