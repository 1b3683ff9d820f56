/** A value as it is stored: sealed for its row if the policy says so, with its blind index beside it where the field is searchable. */
import { blindIndexOf, type FieldModel, type WireScalar } from "@wardline/core";
import type { StoredEntity } from "../gate/catalogue.ts";
import { isSealedValue, revealed } from "../seal/sealed.ts";
import { named, parameter, sql, word, type Sql } from "../scope/text.ts";
import { databaseType } from "./computed.ts";
import type { WriteFrame } from "./frame.ts";
import type { Assignment } from "./given.ts";
import { badValue, writtenValue } from "./wire-value.ts";

/** A column of the stored table and what is written into it. */
export interface StoredCell {
  readonly column: Sql;
  readonly value: Sql;
  /** The column's type, by the words of the database. */
  readonly type: Sql;
}

/**
 * The columns that an assignment writes, for one row. Invariant: a sealed cell and its blind index are written together, so that
 * no row is found by a value that it no longer has.
 */
export function storedCells(
  frame: WriteFrame,
  entity: StoredEntity,
  id: string,
  { field, column, value }: Assignment,
): readonly StoredCell[] {
  const { program } = frame.source;
  if (!isSealed(frame, entity.name, field.name)) {
    if (field.type.kind === "set") throw new TypeError(`${field.name} has no column`);
    return [
      { column: named(column), value: parameter(value), type: databaseType(program.model, field.type) },
    ];
  }
  if (value !== null && typeof value !== "string") throw new TypeError(`${field.name} is sealed and no text`);
  const { sealer } = frame;
  const place = { table: entity.storage.table, column };
  const bytes = (make: (text: string) => string): Sql =>
    value === null ? parameter(null) : sql`pg_catalog.decode(${parameter(make(value))}::text, 'hex')`;
  const cell: StoredCell = {
    column: named(column),
    value: bytes((text) => sealer.seal({ ...place, row: id }, text)),
    type: word("bytea"),
  };
  const index = blindIndexOf(program, entity.name, field);
  if (index === null) return [cell];
  return [
    cell,
    { column: named(index), value: bytes((text) => sealer.blindIndex(place, text)), type: word("bytea") },
  ];
}

/** The wire value of what a caller gives for a field. A value that is sealed is for sealed fields alone. Throws `write/bad-value`. */
export function givenValue(
  frame: WriteFrame,
  entity: string,
  field: FieldModel,
  value: unknown,
): WireScalar | null {
  const { model } = frame.source.program;
  if (!isSealedValue(value)) return writtenValue(model, field, value);
  if (!isSealed(frame, entity, field.name)) throw badValue(field.name);
  return writtenValue(model, field, revealed(value));
}

export function isSealed(frame: WriteFrame, entity: string, field: string): boolean {
  return frame.source.program.sealed.some((entry) => entry.entity === entity && entry.fields.includes(field));
}
