/** DELETE: the stored row is asked about while it is still there, and RETURNING is answered before it goes. */
import type { RowDocument } from "@wardline/core";
import { inOrder } from "../gate/asking.ts";
import { actionOf, type StoredEntity } from "../gate/catalogue.ts";
import { rowsWith } from "../gate/load-rows.ts";
import { exactText, run } from "../gate/run.ts";
import { keyArray } from "../gate/wire-column.ts";
import { named, sql } from "../scope/text.ts";
import { factsOf, permitted } from "./ask.ts";
import { baseTable, ofThisTenant, type WriteFrame, type Written, type WrittenRows } from "./frame.ts";
import { dependsOnOthers, lockPicked, pickAgain } from "./locked-rows.ts";
import type { ChangePlan } from "./plan-change.ts";
import { refusedAtBoundary } from "./refusal.ts";
import { resumableBy, type Resumable } from "./resumable.ts";
import { digestsIfChallenged } from "./row-digest.ts";
import { prepareReturning, returned } from "./returning.ts";

export async function deleteRows(frame: WriteFrame, plan: ChangePlan): Promise<Written> {
  const { session, source } = frame;
  const { entity } = plan;
  const action = actionOf(source.program.model, entity.name, "deletes");
  prepareReturning(frame, plan);
  const locked = await lockPicked(frame, plan, plan, "for update");
  const others = dependsOnOthers(frame, entity, action, []);
  const now = others && locked.length > 0 ? await frame.renewed() : frame;
  const [ids, rows, digests] = await inOrder<
    [readonly string[], ReadonlyMap<string, RowDocument>, ReadonlyMap<string, string>]
  >(
    session,
    pickAgain(now, plan, plan, locked),
    rowsWith(source, entity, locked),
    digestsIfChallenged(now, entity, action, locked),
  );
  const answer = await returned(now, plan, ids);
  if (ids.length === 0) return { written: [], returned: answer };
  const prior = ids.flatMap((id) => rows.get(id) ?? []);
  const resumable = resumableDeletion(ids, digests);
  const written = await resumableBy(
    () => resumable,
    () => deleteLocked(now, entity, action, others, ids, prior),
  );
  return { written: [written], returned: answer };
}

/** Rows that are locked, `prior` as they were when they had been. */
export async function deleteLocked(
  frame: WriteFrame,
  entity: StoredEntity,
  action: string,
  others: boolean,
  ids: readonly string[],
  prior: readonly RowDocument[],
): Promise<WrittenRows> {
  if (prior.length !== ids.length) throw refusedAtBoundary(action, entity.name, ids);
  const { rules, obligations } = await permitted(frame, entity, action, ids, others, async (at) =>
    (await factsOf(at, entity, prior)).map((row) => ({ prior: row })),
  );
  const key = named("t", entity.storage.key);
  const gone = await run(
    frame.session,
    sql`delete from ${baseTable(frame, entity)} as t
      where ${ofThisTenant(frame, entity)} and ${key} = any(${keyArray(entity.keyType, ids)})
      returning ${exactText(key)} as id`,
  );
  if (gone.rows.length !== ids.length) throw refusedAtBoundary(action, entity.name, ids);
  return { action, entity: entity.name, ids, fields: [], rules, obligations };
}

function resumableDeletion(ids: readonly string[], digests: ReadonlyMap<string, string>): Resumable | null {
  const rows = ids.map((id) => ({ id, prior: digests.get(id) ?? null, values: [] }));
  return rows.some(({ prior }) => prior === null) ? null : { kind: "delete", fields: [], rows };
}
