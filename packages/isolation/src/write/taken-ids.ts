/**
 * Ids that a caller gives to new rows. One that is taken is told to nobody before the policy was asked: who may not
 * create the row learns that alone, as he would with an id that is free.
 */
import { exactText, run, textCell } from "../gate/run.ts";
import { keyArray } from "../gate/wire-column.ts";
import { named, sql, tenantParameter } from "../scope/text.ts";
import type { WriteFrame } from "./frame.ts";
import type { InsertPlan, NewRow } from "./plan.ts";
import { newRowId } from "./row-id.ts";

export type IdentifiedRow = NewRow & { readonly id: string };

export interface Identified {
  /** The rows under ids that are free. */
  readonly rows: readonly IdentifiedRow[];
  /** The ids that were asked for, or made where none was: what the audit log and the caller are told. */
  readonly asked: readonly string[];
  /** Some row stands under another id than it asked for: the policy may be asked about it, and then it is undone. */
  readonly standIn: boolean;
}

export async function identify(frame: WriteFrame, plan: InsertPlan): Promise<Identified> {
  const asked = plan.rows.map((row) => row.id ?? newRowId(frame.now));
  const taken = new Set(await takenIds(frame, plan));
  const rows = plan.rows.map((row, index): IdentifiedRow => {
    const id = asked[index] as string;
    const free = taken.has(id) ? newRowId(frame.now) : id;
    taken.add(id);
    return { ...row, id: free };
  });
  return { rows, asked, standIn: rows.some((row, index) => row.id !== asked[index]) };
}

/** Which of the given ids have a row of the tenant, whether or not the principal may read it. */
async function takenIds(frame: WriteFrame, plan: InsertPlan): Promise<readonly string[]> {
  const { storage, keyType } = plan.entity;
  const given = plan.rows.flatMap((row) => row.id ?? []);
  if (given.length === 0) return [];
  const { rows } = await run(
    frame.session,
    sql`select ${exactText(named("t", storage.key))} as id from ${named(frame.source.schema, storage.table)} as t
      where ${named("t", storage.tenant)} = ${tenantParameter(frame.source.tenant)}
        and ${named("t", storage.key)} = any(${keyArray(keyType, given)})`,
  );
  return rows.map((row) => textCell(row, "id"));
}
