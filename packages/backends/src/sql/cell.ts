/**
 * What of a field leaves a view: the column as the effective mask shows it, by core's `maskValue`, from the mildest to the
 * strictest. A field that is sealed, or under a mask that needs a key, leaves as the text of core's `sealed-cell.ts`.
 */
import {
  blindIndexOf,
  canMask,
  cellMask,
  type FieldModel,
  type Mask,
  type SqlExpression,
  type SqlType,
  storedColumns,
  type Table,
} from "@wardline/core";
import { maskedColumn } from "./masked-column.ts";
import type { MaskChoice } from "./masks.ts";
import { isYes } from "./predicate.ts";
import { keyTerm, type Place, rowColumn, type Scope } from "./scope.ts";
import { sqlType } from "./sql-type.ts";
import { UnsupportedInSql } from "./unsupported.ts";

/** A column of a table as its model has it. */
export interface StoredField {
  readonly field: FieldModel;
  readonly column: string;
  readonly type: SqlType;
  readonly sealed: boolean;
  /** The column of its blind index; null where it has none. */
  readonly index: string | null;
}

/** What has a column of its own, in model order: fields, and parents that are no field. */
export function storedFields(scope: Place): readonly StoredField[] {
  const { program, entity } = scope;
  const sealed = new Set(program.sealed.filter((s) => s.entity === entity.name).flatMap((s) => s.fields));
  return storedColumns(entity).flatMap((field) => {
    if (field.storage?.kind !== "column") return [];
    if (field.type.kind === "set")
      throw new UnsupportedInSql(`${entity.name}.${field.name}: a set in one column`);
    if (sealed.has(field.name) && field.type.kind !== "string")
      throw new UnsupportedInSql(`${entity.name}.${field.name}: a sealed ${field.type.kind}`);
    const type = sqlType(program.model, field.type);
    const index = blindIndexOf(program, entity.name, field);
    return [{ field, column: field.storage.column, type, sealed: sealed.has(field.name), index }];
  });
}

/** Throws on an effect that names no field, or a mask that cannot stand for its values. */
export function checkEffects(
  scope: Place,
  effects: Table["passes"][number]["grants"][number]["effects"],
): void {
  for (const { field: name, mask } of effects) {
    const field = scope.entity.fields.find((f) => f.name === name);
    if (field === undefined) throw new RangeError(`${scope.entity.name} has no field ${name}`);
    if (!canMask(mask, field.type))
      throw new UnsupportedInSql(
        `${mask.kind} of ${scope.entity.name}.${name}, which is of type ${field.type.kind}`,
      );
  }
}

/** True if the process must show the cells of a field: it alone has the keys. */
export function isMarked(field: StoredField, choices: readonly MaskChoice[]): boolean {
  return field.sealed || choices.some(({ mask }) => mask.kind === "token" || mask.kind === "hash");
}

/** What stands where nothing may be seen. */
export function hiddenCell(field: StoredField): SqlExpression {
  return { kind: "null", type: field.sealed ? "text" : field.type };
}

/** The blind index in rows that show the field whole, else NULL: nothing can be searched that is not shown. */
export function indexCell(index: string, choices: readonly MaskChoice[]): SqlExpression {
  return choice(choices, (of) => (of.kind === "show" ? rowColumn(index) : { kind: "null", type: "bytea" }));
}

export function cell(
  scope: Scope,
  field: StoredField,
  choices: readonly MaskChoice[],
  marker: SqlExpression,
): SqlExpression {
  if (isMarked(field, choices)) return markedCell(scope, field, choices, marker);
  return choice(choices, (mask) => maskedColumn(mask, rowColumn(field.column), field.type));
}

function markedCell(
  scope: Scope,
  { field, column, sealed }: StoredField,
  choices: readonly MaskChoice[],
  marker: SqlExpression,
): SqlExpression {
  const mask = choice(choices, (of) =>
    of.kind === "hide" ? { kind: "null", type: "text" } : { kind: "text", value: cellMask(of) },
  );
  if (mask.kind === "null") return mask;
  const key = keyTerm(scope);
  const text = (value: string): SqlExpression => ({ kind: "text", value });
  const bytes: SqlExpression = sealed
    ? rowColumn(column)
    : { kind: "call", name: "convert_to", args: [rowColumn(column), text("UTF8")] };
  return joined([
    marker,
    text(sealed ? ":sealed:" : ":plain:"),
    mask,
    text(`:${scope.entity.name}.${field.name}:`),
    key.type === "text" ? key.expression : { kind: "cast", of: key.expression, type: "text" },
    text(":"),
    { kind: "call", name: "encode", args: [bytes, text("hex")] },
  ]);
}

function choice(choices: readonly MaskChoice[], show: (mask: Mask) => SqlExpression): SqlExpression {
  const last = choices.at(-1);
  if (last === undefined || !isYes(last.when)) throw new RangeError("the strictest mask has no condition");
  const when = choices.slice(0, -1).map((c) => ({ condition: c.when, result: show(c.mask) }));
  return when.length === 0 ? show(last.mask) : { kind: "case", when, otherwise: show(last.mask) };
}

/** The parts one after the other; constants side by side are one. */
function joined(parts: readonly SqlExpression[]): SqlExpression {
  const merged: SqlExpression[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (part.kind === "text" && last?.kind === "text")
      merged[merged.length - 1] = { kind: "text", value: last.value + part.value };
    else merged.push(part);
  }
  return merged.reduce((left, right) => ({ kind: "binary", op: "||", left, right }));
}
