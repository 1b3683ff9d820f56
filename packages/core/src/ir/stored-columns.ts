import type { EntityModel, FieldModel } from "./model.ts";

/**
 * The fields that an entity keeps in columns of its own table, in model order, and after them the columns of its parents
 * that are no field: a reference, named as the column, that a row may leave empty.
 */
export function storedColumns(entity: EntityModel): readonly FieldModel[] {
  const columns = entity.fields.filter((field) => field.storage?.kind === "column");
  for (const parent of entity.parents) {
    if (parent.via.kind !== "column") continue;
    const { column } = parent.via;
    if (columns.some((field) => field.storage?.kind === "column" && field.storage.column === column))
      continue;
    columns.push({
      name: column,
      type: { kind: "entity", entity: parent.entity },
      optional: true,
      classes: [],
      searchable: false,
      storage: { kind: "column", column },
    });
  }
  return columns;
}
