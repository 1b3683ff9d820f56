/** RETURNING: a read like any other, through the guarded view, of the rows that were written. */
import { UnsupportedQuery } from "../errors.ts";
import { exactText, run, textCell } from "../gate/run.ts";
import { keyArray } from "../gate/wire-column.ts";
import { selectionList } from "../scope/selection.ts";
import type { Derived } from "../scope/rewriting.ts";
import { joined, named, sql, type Sql } from "../scope/text.ts";
import { targetScope, type Returned, type WriteFrame } from "./frame.ts";
import type { WriteTarget } from "./plan.ts";

/** Carries the key through the select; no column of a caller has it. */
const keyName = "wardline:key";

interface Prepared {
  readonly list: Derived;
  readonly from: Sql;
  readonly key: Sql;
}

/** Refuses a RETURNING that cannot be answered. To be called before anything is written. */
export function prepareReturning(frame: WriteFrame, target: WriteTarget): Prepared | null {
  if (target.returning === null) return null;
  const { scope, from, key } = targetScope(frame, target);
  const list = selectionList(frame.rewriting, scope, target.returning);
  if (list.columns.some((column) => column.name === keyName))
    throw new UnsupportedQuery("query/duplicate-name", `no column can be called ${keyName}`);
  return { list, from, key };
}

/** In the order of the ids; a row that the principal may not read is not among them. */
export async function returned(
  frame: WriteFrame,
  target: WriteTarget,
  ids: readonly string[],
): Promise<Returned | null> {
  const prepared = prepareReturning(frame, target);
  if (prepared === null) return null;
  const { list, from, key } = prepared;
  if (ids.length === 0) return { rows: [], columns: list.columns };
  const { rows } = await run(
    frame.session,
    sql`select ${joined([list.text, sql`${exactText(key)} as ${named(keyName)}`], ", ")} from ${from}
      where ${key} = any(${keyArray(target.entity.keyType, ids)})`,
  );
  const byKey = new Map(rows.map(({ [keyName]: id, ...row }) => [textCell({ id }, "id"), row]));
  const ordered = ids.flatMap((id) => {
    const row = byKey.get(id);
    return row === undefined ? [] : [row];
  });
  return { rows: ordered, columns: list.columns };
}
