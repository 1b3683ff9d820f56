/**
 * The rows that a change is about: what the principal may read and the caller's condition picks. They are locked first; what
 * was read before a lock was waited for is stale, so they are picked again afterwards, with facts and views made anew.
 */
import { storedColumns, type FieldModel, type WireScalar } from "@wardline/core";
import { UnsupportedQuery } from "../errors.ts";
import { known, type Asking } from "../gate/asking.ts";
import type { StoredEntity } from "../gate/catalogue.ts";
import { readsOtherRows } from "../gate/other-rows.ts";
import { exactText, run, textCell } from "../gate/run.ts";
import { keyArray } from "../gate/wire-column.ts";
import { expression } from "../scope/expression.ts";
import { joined, named, nothing, parameter, sql, word, type Sql } from "../scope/text.ts";
import { computedText, computedValue } from "./computed.ts";
import { baseTable, ofThisTenant, type WriteFrame } from "./frame.ts";
import type { Setting } from "./plan-change.ts";
import { reach, type ReachOf } from "./reach.ts";
import { maxRows, tooManyRows, type WriteTarget } from "./write-target.ts";

/**
 * Whether the decision about a row of the entity, or whether it or what these fields refer to can be read, depends on other
 * rows. Then the principal's facts are read again behind the lock, which also keeps rows from being hung on the row meanwhile,
 * and the policy is asked twice.
 */
export function dependsOnOthers(
  frame: WriteFrame,
  entity: StoredEntity,
  action: string,
  written: readonly FieldModel[],
): boolean {
  const { program } = frame.source;
  const seen = new Set([
    entity.name,
    ...written.map(({ type }) => (type.kind === "entity" ? type.entity : "")),
  ]);
  const asked = [
    { name: action, of: entity.name },
    ...program.model.actions
      .filter(({ kind }) => kind === "reads")
      .flatMap(({ name, entities }) => entities.filter((of) => seen.has(of)).map((of) => ({ name, of }))),
  ];
  return asked.some(({ name, of }) => readsOtherRows(program, frame.facts.principal.type, name, of));
}

/**
 * `for update` also waits for those who are just referring to the row, and keeps them away: who deletes it, or decides by
 * what refers to it, must not miss a reference that is about to be committed.
 */
export type Strength = "for update" | "for no key update" | "for key share";

/** The rows with these ids, or with ids that a select yields, locked in the order of their ids. */
export async function lockRows(
  frame: WriteFrame,
  entity: StoredEntity,
  ids: Sql,
  strength: Strength,
): Promise<readonly string[]> {
  const key = named("t", entity.storage.key);
  // The right to lock comes with the right to update a column. A row that is nothing but its key does not change.
  const lock = storedColumns(entity).length === 0 ? nothing : word(` ${strength}`);
  const { rows } = await run(
    frame.session,
    sql`select ${exactText(key)} as id from ${baseTable(frame, entity)} as t
      where ${ofThisTenant(frame, entity)} and ${key} ${ids} order by ${key}${lock}`,
  );
  return rows.map((row) => textCell(row, "id"));
}

/** Locks what the caller's condition picks now. Throws `write/too-many-rows`. */
export async function lockPicked(
  frame: WriteFrame,
  target: WriteTarget,
  of: ReachOf,
  strength: Strength,
): Promise<readonly string[]> {
  const at = reach(frame, target, of);
  const ids = await lockRows(
    frame,
    target.entity,
    sql`in (${at.with} select distinct ${at.key} as id from ${at.from} where ${at.condition}
      limit ${parameter(maxRows + 1)})`,
    strength,
  );
  if (ids.length > maxRows) throw tooManyRows();
  return ids;
}

/** Those of the locked rows that the condition still picks, however often it does. */
export function pickAgain(
  frame: WriteFrame,
  target: WriteTarget,
  of: ReachOf,
  locked: readonly string[],
): Asking<readonly string[]> {
  if (locked.length === 0) return known([]);
  const at = reach(frame, target, of);
  const statement = sql`${at.with} select ${exactText(at.key)} as id from ${at.from}
      where ${at.condition} and ${at.key} = any(${keyArray(target.entity.keyType, locked)})
      group by ${at.key} order by ${at.key}`;
  return {
    statements: [statement],
    read: ([answer]) => (answer?.rows ?? []).map((row) => textCell(row, "id")),
  };
}

export interface PickedRow {
  readonly id: string;
  /** By column. */
  readonly values: ReadonlyMap<string, WireScalar | null>;
}

/**
 * The same with the values that are computed for each row. Throws `write/matched-twice` where a row has several partners, so
 * that it could not be said whose values it gets.
 */
export function pickValues(
  frame: WriteFrame,
  target: WriteTarget,
  of: ReachOf,
  locked: readonly string[],
  settings: readonly Setting[],
): Asking<readonly PickedRow[]> {
  if (locked.length === 0) return known([]);
  const { model } = frame.source.program;
  const at = reach(frame, target, of);
  const computed = settings.flatMap(({ field, column, given }) =>
    given.kind === "computed" && field.type.kind !== "set"
      ? [{ column, type: field.type, node: given.node }]
      : [],
  );
  const values = computed.map(
    ({ type, node }, index) =>
      sql`${computedText(model, type, expression(frame.rewriting, at.scope, node))} as ${named(`v${index}`)}`,
  );
  const statement = sql`${at.with} select ${joined([sql`${exactText(at.key)} as id`, ...values], ", ")} from ${at.from}
    where ${at.condition} and ${at.key} = any(${keyArray(target.entity.keyType, locked)})
    order by ${at.key} limit ${parameter(locked.length + 1)}`;
  return {
    statements: [statement],
    read: ([answer]) => {
      const picked = (answer?.rows ?? []).map((row) => ({
        id: textCell(row, "id"),
        values: new Map(
          computed.map(({ column, type }, index) => [column, computedValue(row, `v${index}`, type)] as const),
        ),
      }));
      if (new Set(picked.map(({ id }) => id)).size !== picked.length)
        throw new UnsupportedQuery(
          "write/matched-twice",
          `a row of ${target.entity.storage.table} is matched twice: one partner for each row that is written`,
        );
      return picked;
    },
  };
}
