/**
 * The rows that a change is about: what the principal may read and the caller's condition picks. They are locked, and
 * then picked again, because a row may have changed while the lock was waited for.
 */
import { exactText, run, textCell } from "../gate/run.ts";
import { keyArray } from "../gate/wire-column.ts";
import { expression } from "../scope/expression.ts";
import { named, nothing, parameter, sql, word, tenantParameter, type Sql } from "../scope/text.ts";
import { targetScope, type WriteFrame } from "./frame.ts";
import { maxRows, tooManyRows, type ChangePlan } from "./plan.ts";

/** Their ids, ascending. Throws `write/too-many-rows`. */
export async function lockCandidates(frame: WriteFrame, plan: ChangePlan): Promise<readonly string[]> {
  const { entity } = plan;
  const { scope, from, key } = targetScope(frame, plan);
  const condition = plan.where === null ? word("true") : expression(frame.rewriting, scope, plan.where);
  const pick = async (among: Sql): Promise<readonly string[]> => {
    const limit = sql`limit ${parameter(maxRows + 1)}`;
    const { rows } = await run(
      frame.session,
      sql`select ${exactText(key)} as id from ${from} where ${condition}${among} order by ${key} ${limit}`,
    );
    return rows.map((row) => textCell(row, "id"));
  };
  const wanted = await pick(nothing);
  if (wanted.length > maxRows) throw tooManyRows();
  if (wanted.length === 0) return [];
  const { storage } = entity;
  const locked = await run(
    frame.session,
    sql`select ${exactText(named("t", storage.key))} as id from ${named(frame.source.schema, storage.table)} as t
      where ${named("t", storage.tenant)} = ${tenantParameter(frame.source.tenant)}
        and ${named("t", storage.key)} = any(${keyArray(entity.keyType, wanted)})
      order by ${named("t", storage.key)} for no key update`,
  );
  const ids = locked.rows.map((row) => textCell(row, "id"));
  if (ids.length === 0) return [];
  return pick(sql` and ${key} = any(${keyArray(entity.keyType, ids)})`);
}
