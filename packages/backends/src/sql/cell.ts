/**
 * What of a field leaves a view: the column as the effective mask shows it, by core's `applyMask`, from the mildest
 * step to the strictest. A sealed field leaves as the text of core's `sealed-cell.ts`, with its step.
 */
import { beyond } from "../beyond.ts";
import {
  type FieldModel,
  type Mask,
  maskAt,
  maskSign,
  type SqlExpression,
  type SqlType,
  storedColumns,
  type Table,
} from "@wardline/core";
import { isYes } from "./predicate.ts";
import { keyTerm, type Place, rowColumn, type Scope } from "./scope.ts";
import { sqlType } from "./sql-type.ts";
import { UnsupportedInSql } from "./unsupported.ts";

/** A step of the ladder and the exact condition under which no stricter one is effective. Ascending; the last is TRUE. */
export interface MaskStep {
  readonly step: number;
  readonly when: SqlExpression;
}

/** A column of a table as its model has it. */
export interface StoredField {
  readonly field: FieldModel;
  readonly column: string;
  readonly type: SqlType;
  readonly sealed: boolean;
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
    return [{ field, column: field.storage.column, type, sealed: sealed.has(field.name) }];
  });
}

/** Throws on an effect that names no field, or masks in part what is not text. */
export function checkEffects(
  scope: Scope,
  effects: Table["passes"][number]["grants"][number]["effects"],
): void {
  for (const { field: name, mask } of effects) {
    const field = scope.entity.fields.find((f) => f.name === name);
    if (field === undefined) throw new RangeError(`${scope.entity.name} has no field ${name}`);
    if (mask.kind !== "show" && mask.kind !== "hide" && field.type.kind !== "string")
      throw new UnsupportedInSql(`${mask.kind} of ${scope.entity.name}.${name}, which is no String`);
  }
}

/** What stands where nothing may be seen. */
export function hiddenCell(field: StoredField): SqlExpression {
  return { kind: "null", type: field.sealed ? "text" : field.type };
}

export function cell(
  scope: Scope,
  field: StoredField,
  steps: readonly MaskStep[],
  marker: SqlExpression,
): SqlExpression {
  if (!field.sealed)
    return choice(steps, (step) => masked(maskAt(step), rowColumn(field.column), field.type));
  const stepText = choice(steps, (step) =>
    maskAt(step).kind === "hide" ? { kind: "null", type: "text" } : { kind: "text", value: String(step) },
  );
  if (stepText.kind === "null") return stepText;
  const key = keyTerm(scope);
  return joined([
    marker,
    { kind: "text", value: ":" },
    stepText,
    { kind: "text", value: `:${scope.entity.name}.${field.field.name}:` },
    key.type === "text" ? key.expression : { kind: "cast", of: key.expression, type: "text" },
    { kind: "text", value: ":" },
    { kind: "call", name: "encode", args: [rowColumn(field.column), { kind: "text", value: "hex" }] },
  ]);
}

function choice(steps: readonly MaskStep[], show: (step: number) => SqlExpression): SqlExpression {
  const last = steps.at(-1);
  if (last === undefined || !isYes(last.when)) throw new RangeError("the strictest step has no condition");
  const when = steps.slice(0, -1).map((s) => ({ condition: s.when, result: show(s.step) }));
  return when.length === 0 ? show(last.step) : { kind: "case", when, otherwise: show(last.step) };
}

/** The column as the mask shows it. NULL stays NULL. */
function masked(mask: Mask, column: SqlExpression, type: SqlType): SqlExpression {
  const sign: SqlExpression = { kind: "text", value: maskSign };
  const isAbsent: SqlExpression = { kind: "is_null", of: column, negated: false };
  switch (mask.kind) {
    case "show":
      return column;
    case "initials":
      return {
        kind: "call",
        name: "regexp_replace",
        args: [column, ...["([^ ])[^ ]*", "\\1.", "g"].map((value) => ({ kind: "text", value }) as const)],
      };
    case "partial":
      return {
        kind: "case",
        when: [
          {
            condition: {
              kind: "binary",
              op: "<",
              left: { kind: "call", name: "char_length", args: [column] },
              right: { kind: "integer", value: 2 * mask.last },
            },
            result: sign,
          },
        ],
        otherwise: joined([
          sign,
          { kind: "call", name: "right", args: [column, { kind: "integer", value: mask.last }] },
        ]),
      };
    case "redact":
      return {
        kind: "case",
        when: [{ condition: isAbsent, result: { kind: "null", type } }],
        otherwise: sign,
      };
    case "hide":
      return { kind: "null", type };
    case "partial_first":
    case "bucket":
    case "month":
    case "year":
    case "token":
    case "hash":
      return beyond(mask.kind);
  }
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
