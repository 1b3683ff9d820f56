/** The tables of the model as Kysely's interfaces. */
import { storedColumns, type EntityModel, type FieldModel, type ModelIr } from "@wardline/core";
import type { ColumnFate } from "./column-fate.ts";
import { keyText, wireType, writtenType, type TypeNames } from "./value-types.ts";

export interface TableInput {
  readonly model: ModelIr;
  readonly enums: TypeNames;
  readonly fateOf: (entity: EntityModel, field: FieldModel) => ColumnFate;
}

/** The lines of the columns of an entity's table, in the order of the model. */
export function columnLines(input: TableInput, entity: EntityModel): readonly string[] {
  if (entity.storage === null) return [];
  const writes = writesOf(input.model, entity);
  const key = columnText({
    select: "string",
    // An id that is left out is made; it is never changed.
    insert: writes.insert ? "string | undefined" : "never",
    update: "never",
  });
  const lines = [`  ${keyText(entity.storage.key)}: ${key};`];
  for (const field of storedColumns(entity)) {
    if (field.storage?.kind !== "column") continue;
    lines.push(`  ${keyText(field.storage.column)}: ${fieldText(input, entity, field, writes)};`);
  }
  return lines;
}

/** The lines of a row as `get` shows it, by the names of the model. */
export function rowLines(input: TableInput, entity: EntityModel): readonly string[] {
  const fields = storedColumns(entity).filter(({ storage }) => storage?.kind === "column");
  return [
    "  readonly id: string;",
    ...fields.map((field) => `  readonly ${keyText(field.name)}: ${shownText(input, entity, field)};`),
  ];
}

interface Writes {
  readonly insert: boolean;
  readonly update: boolean;
}

/** Whether any handle may write such rows. */
function writesOf(model: ModelIr, entity: EntityModel): Writes {
  const has = (kind: string) =>
    entity.shared !== true &&
    model.actions.some((action) => action.kind === kind && action.entities.includes(entity.name));
  return { insert: has("creates"), update: has("updates") };
}

function fieldText(input: TableInput, entity: EntityModel, field: FieldModel, writes: Writes): string {
  const { sealed } = input.fateOf(entity, field);
  const written = [
    ...(sealed === "none" ? [] : ["Sealed"]),
    writtenType(field.type, input.enums),
    ...(field.optional ? ["null"] : []),
  ].join(" | ");
  return columnText({
    select: shownText(input, entity, field),
    insert: writes.insert ? written : "never",
    update: writes.update ? written : "never",
  });
}

function shownText(input: TableInput, entity: EntityModel, field: FieldModel): string {
  const { masked, hidden, sealed } = input.fateOf(entity, field);
  const plain = wireType(field.type, input.enums);
  return [
    ...(sealed === "none" ? [] : ["Sealed"]),
    ...(masked ? [`Masked<${plain}>`] : sealed === "all" ? [] : [plain]),
    ...(field.optional || hidden ? ["null"] : []),
  ].join(" | ");
}

interface ColumnText {
  readonly select: string;
  readonly insert: string;
  readonly update: string;
}

function columnText({ select, insert, update }: ColumnText): string {
  return select === insert && select === update ? select : `ColumnType<${select}, ${insert}, ${update}>`;
}
