/** A waiting write, stored to be seen in a transaction that its caller undoes: each row as it is, and as it would be. */
import { inOrder } from "../gate/asking.ts";
import type { StoredEntity } from "../gate/catalogue.ts";
import type { Asked } from "../gate/decide.ts";
import { rowsWith } from "../gate/load-rows.ts";
import type { RowDocument } from "@wardline/core";
import { factsOf } from "../write/ask.ts";
import type { WriteFrame } from "../write/frame.ts";
import { NotResumed } from "../write/refusal.ts";
import { changesOf, fieldsNamed, lockedAsBefore, newRowsOf } from "../write/resume-write.ts";
import type { Resumable } from "../write/resumable.ts";
import { storeChanges } from "../write/store-changes.ts";
import { storeRows } from "../write/store-rows.ts";

/** Null where whoever looks may not read a row, or there is none. Throws NotResumed where one is not what it was. */
export async function asStored(
  frame: WriteFrame,
  entity: StoredEntity,
  { kind, fields: named, rows }: Resumable,
): Promise<readonly Asked[] | null> {
  const fields = fieldsNamed(entity, named);
  const ids = rows.map(({ id }) => id);
  if (kind === "insert") {
    const stored = await storeRows(frame, entity, newRowsOf(frame, entity, fields, rows));
    const next = await factsOf(frame, entity, inOrderOf(ids, stored));
    return next.map((row) => ({ next: row }));
  }
  const absent = new Error("absent");
  const before = await lockedAsBefore(frame, entity, rows, "for update", () => absent).catch(
    (error: unknown) => {
      if (error === absent) return null;
      throw error;
    },
  );
  if (before === null) return null;
  const prior = await factsOf(frame, entity, before.prior);
  if (kind === "delete") return prior.map((row) => ({ prior: row }));
  const [, stored] = await inOrder<[number, ReadonlyMap<string, RowDocument>]>(
    frame.session,
    storeChanges(frame, entity, changesOf(frame, fields, rows)),
    rowsWith(frame.source, entity, ids),
  );
  const next = await factsOf(frame, entity, inOrderOf(ids, stored));
  return prior.map((row, at) => {
    const after = next[at];
    if (after === undefined) throw new NotResumed("challenge/changed");
    return { prior: row, next: after };
  });
}

function inOrderOf(ids: readonly string[], stored: ReadonlyMap<string, RowDocument>): readonly RowDocument[] {
  return ids.map((id) => {
    const row = stored.get(id);
    if (row === undefined) throw new NotResumed("challenge/changed");
    return row;
  });
}
