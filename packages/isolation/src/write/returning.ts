/** RETURNING: a read like any other, through the guarded view, of the rows that were written. */
import { UnsupportedQuery } from "../errors.ts";
import { exactText, run, textCell } from "../gate/run.ts";
import { keyArray } from "../gate/wire-column.ts";
import { onlyKeys } from "../scope/node-kinds.ts";
import type { Derived } from "../scope/rewriting.ts";
import { selectionList } from "../scope/selection.ts";
import { joined, named, sql } from "../scope/text.ts";
import type { Returned, WriteFrame } from "./frame.ts";
import { reach, type Reach } from "./reach.ts";
import { shape, type WriteTarget } from "./write-target.ts";

/** Carries the key through the select; no column of a caller has it. */
const keyName = "wardline:key";

interface Prepared {
  readonly list: Derived;
  readonly at: Reach;
}

/** A write that has `from` or `using` names what `*` stands for, because rows of those are not returned. */
type Returning = WriteTarget & { readonly from?: unknown };

/** Refuses a RETURNING that cannot be answered. To be called before anything is written. */
export function prepareReturning(frame: WriteFrame, target: Returning): Prepared | null {
  const { returning } = target;
  if (returning === null) return null;
  if (target.from !== undefined && returning.some(({ selection }) => selection.kind === "SelectAllNode"))
    throw shape(`returning gives columns of ${target.name} alone: say returningAll("${target.name}")`);
  for (const node of returning) onlyKeys(node, ["selection"]);
  const at = reach(frame, target, { where: null });
  const list = selectionList(frame.rewriting, at.scope, returning);
  if (list.columns.some((column) => column.name === keyName))
    throw new UnsupportedQuery("query/duplicate-name", `no column can be called ${keyName}`);
  return { list, at };
}

/** In the order of the ids; a row that the principal may not read is not among them. */
export async function returned(
  frame: WriteFrame,
  target: Returning,
  ids: readonly string[],
): Promise<Returned | null> {
  const prepared = prepareReturning(frame, target);
  if (prepared === null) return null;
  const { list, at } = prepared;
  if (ids.length === 0) return { rows: [], columns: list.columns };
  const { rows } = await run(
    frame.session,
    sql`${at.with} select ${joined([list.text, sql`${exactText(at.key)} as ${named(keyName)}`], ", ")} from ${at.from}
      where ${at.key} = any(${keyArray(target.entity.keyType, ids)})`,
  );
  const byKey = new Map(rows.map(({ [keyName]: id, ...row }) => [textCell({ id }, "id"), row]));
  const ordered = ids.flatMap((id) => {
    const row = byKey.get(id);
    return row === undefined ? [] : [row];
  });
  return { rows: ordered, columns: list.columns };
}
