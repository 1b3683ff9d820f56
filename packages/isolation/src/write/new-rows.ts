/** The rows of an INSERT as values in wire form: as the caller gave them, or as a select yields them to him. */
import { storedColumns, type WireScalar } from "@wardline/core";
import type { StoredEntity } from "../gate/catalogue.ts";
import { run } from "../gate/run.ts";
import { expression } from "../scope/expression.ts";
import { sealedColumn } from "../scope/reference.ts";
import { emptyScope, type Scope } from "../scope/relation.ts";
import { joined, named, parameter, sql, type Sql } from "../scope/text.ts";
import { withClause } from "../scope/with.ts";
import { computedText, computedValue } from "./computed.ts";
import type { WriteFrame } from "./frame.ts";
import { keyValue, type Assignment, type Given } from "./given.ts";
import type { InsertPlan } from "./plan-insert.ts";
import { givenValue, isSealed } from "./stored-value.ts";
import { badValue } from "./wire-value.ts";
import { maxRows, shape, tooManyRows, type Place } from "./write-target.ts";

export interface NewRow {
  /** Null: one is to be made. */
  readonly id: string | null;
  readonly assignments: readonly Assignment[];
}

/** By column. */
type Values = ReadonlyMap<string, unknown>;

export async function newRows(frame: WriteFrame, plan: InsertPlan): Promise<readonly NewRow[]> {
  const values =
    plan.source.kind === "select"
      ? await selectedValues(frame, plan, plan.source.node)
      : await givenValues(frame, plan, plan.source.rows);
  return values.map((row) => newRow(frame, plan.entity, row));
}

function newRow(frame: WriteFrame, entity: StoredEntity, values: Values): NewRow {
  const key = values.get(entity.storage.key);
  const id = key === undefined ? null : keyValue(entity, key);
  // Only uuids can be made here.
  if (id === null && entity.keyType !== "uuid") throw badValue(entity.storage.key);
  const assignments = storedColumns(entity).flatMap((field) => {
    if (field.storage?.kind !== "column") return [];
    const { column } = field.storage;
    return [{ field, column, value: givenValue(frame, entity.name, field, values.get(column) ?? null) }];
  });
  return { id, assignments };
}

/** The most expressions among the values of one insert: as many columns as one select can have. */
const maxComputed = 1600;

async function givenValues(
  frame: WriteFrame,
  plan: InsertPlan,
  rows: readonly (readonly (Given | null)[])[],
): Promise<readonly Values[]> {
  const { model } = frame.source.program;
  const { text: withText, ctes } = withClause(frame.rewriting, plan.with, emptyScope);
  const scope: Scope = { relations: new Map(), ctes, outer: null };
  const columns: { readonly place: Place; readonly text: Sql }[] = [];
  const read = rows.map((row) =>
    row.map((given, at) => {
      if (given === null || given.kind === "value") return given;
      const place = plan.places[at] as Place;
      refuseSealed(frame, plan, place);
      const text = computedText(model, place.type, expression(frame.rewriting, scope, given.node));
      return columns.push({ place, text }) - 1;
    }),
  );
  if (columns.length > maxComputed)
    throw shape(`an insert has at most ${maxComputed} expressions among its values`);
  const texts = columns.map(({ text }, at) => sql`${text} as ${named(`v${at}`)}`);
  const answer =
    columns.length === 0
      ? {}
      : ((await run(frame.session, sql`${joined(withText, " ")} select ${joined(texts, ", ")}`)).rows[0] ??
        {});
  return read.map((row) => {
    const values = new Map<string, unknown>();
    for (const [at, given] of row.entries()) {
      const { column, type } = plan.places[at] as Place;
      if (typeof given === "number") values.set(column, computedValue(answer, `v${given}`, type));
      else if (given !== null) values.set(column, given.value);
    }
    return values;
  });
}

/** What the select yields to the caller, filtered and masked. Throws `write/too-many-rows`. */
async function selectedValues(
  frame: WriteFrame,
  plan: InsertPlan,
  node: Parameters<WriteFrame["rewriting"]["select"]>[0],
): Promise<readonly Values[]> {
  const { rewriting, session, source } = frame;
  const { places } = plan;
  const { text: withText, ctes } = withClause(rewriting, plan.with, emptyScope);
  const derived = rewriting.select(node, { relations: new Map(), ctes, outer: null });
  if (derived.columns.length !== places.length)
    throw shape("the select of an insert has another number of columns than the insert lists");
  const sealed = derived.columns.find((column) => column.sealed !== null);
  if (sealed !== undefined) throw sealedColumn(sealed.name);
  const alias = rewriting.alias();
  const names = places.map((_, at) => named(`c${at}`));
  const texts = places.map((place, at) => {
    refuseSealed(frame, plan, place);
    return sql`${computedText(source.program.model, place.type, named(alias, `c${at}`))} as ${named(`v${at}`)}`;
  });
  const { rows } = await run(
    session,
    sql`${joined(withText, " ")} select ${joined(texts, ", ")}
      from (${derived.text}) as ${named(alias)} (${joined(names, ", ")}) limit ${parameter(maxRows + 1)}`,
  );
  if (rows.length > maxRows) throw tooManyRows();
  return rows.map(
    (row) =>
      new Map<string, WireScalar | null>(
        places.map(({ column, type }, at) => [column, computedValue(row, `v${at}`, type)]),
      ),
  );
}

/** What the database computes would come to it in plaintext. */
function refuseSealed(frame: WriteFrame, plan: InsertPlan, place: Place): void {
  if (place.kind === "field" && isSealed(frame, plan.entity.name, place.field.name))
    throw shape(`${place.field.name} is sealed: it takes a value, and no expression`);
}
