/**
 * New values for rows that are locked: the stored row before and the stored row after are both asked about, and all rows
 * must be permitted.
 */
import type { RowDocument } from "@wardline/core";
import { UnsupportedQuery } from "../errors.ts";
import { inOrder } from "../gate/asking.ts";
import { actionOf, type StoredEntity } from "../gate/catalogue.ts";
import { decideAll } from "../gate/decide.ts";
import type { RowFacts } from "../gate/facts.ts";
import { rowsWith } from "../gate/load-rows.ts";
import { factsOf, permitted } from "./ask.ts";
import type { WriteFrame } from "./frame.ts";
import type { Setting } from "./plan-change.ts";
import { refusedAtBoundary, type Permitted } from "./refusal.ts";
import { referencesReadable } from "./references.ts";
import { resumableBy, resumableChange } from "./resumable.ts";
import { storeChanges, type Change } from "./store-changes.ts";

/** What permitted it. `prior` are the rows as they were when they had been locked; with their `digests` a challenge can be gone on with. */
export async function changeRows(
  frame: WriteFrame,
  entity: StoredEntity,
  action: string,
  others: boolean,
  settings: readonly Setting[],
  changes: readonly Change[],
  prior: readonly RowDocument[],
  digests: ReadonlyMap<string, string> = new Map(),
): Promise<Permitted> {
  const ids = changes.map(({ id }) => id);
  const before = await factsOf(frame, entity, prior);
  if (before.length !== ids.length) throw refusedAtBoundary(action, entity.name, ids);
  await refuseHiddenFields(frame, entity, settings, before, action);
  const [stored, rows] = await inOrder<[number, ReadonlyMap<string, RowDocument>]>(
    frame.session,
    storeChanges(frame, entity, changes),
    rowsWith(frame.source, entity, ids),
  );
  // Invariant: `next` is the stored row, whatever the table's triggers made of it.
  const next = ids.flatMap((id) => rows.get(id) ?? []);
  if (stored !== ids.length || next.length !== ids.length) throw refusedAtBoundary(action, entity.name, ids);
  const { rules, obligations, decisions } = await resumableBy(
    () => resumableChange(settings, changes, digests),
    () =>
      permitted(frame, entity, action, ids, others, async (now) => {
        const assigned = changes.flatMap(({ assignments }) => assignments);
        if (!(await referencesReadable(now, assigned))) throw refusedAtBoundary(action, entity.name, ids);
        const after = await factsOf(now, entity, next);
        return before.map((row, index) => ({ prior: row, next: after[index] as RowFacts }));
      }),
  );
  for (const decision of decisions) refuseMasked(settings, decision.obligations);
  return { rules, obligations };
}

/** A field that the principal does not see in full cannot be overwritten blindly. */
async function refuseHiddenFields(
  frame: WriteFrame,
  entity: StoredEntity,
  settings: readonly Setting[],
  prior: readonly RowFacts[],
  action: string,
): Promise<void> {
  const { session, source, guard, facts } = frame;
  const read = actionOf(source.program.model, entity.name, "reads");
  const questions = prior.map((row) => ({ resource: row }));
  for (const decision of await decideAll(session, source, guard, facts, read, entity, questions)) {
    // Invariant: the view showed these rows. Where the engine says otherwise, neither is believed.
    if (decision.outcome !== "permit")
      throw refusedAtBoundary(
        action,
        entity.name,
        prior.map(({ row }) => row.id),
      );
    refuseMasked(settings, decision.obligations);
  }
}

function refuseMasked(
  settings: readonly Setting[],
  obligations: readonly { readonly type: string; readonly field?: string }[],
): void {
  for (const { type, field } of obligations)
    if ((type === "mask" || type === "hide") && settings.some((setting) => setting.field.name === field))
      throw new UnsupportedQuery(
        "write/hidden-field",
        `${String(field)} is not shown in full and cannot be set`,
      );
}
