/**
 * The blind index of a field that is sealed and searchable: a keyed digest of its value, in a column beside it, by which rows
 * with an equal value are found without opening one. See `docs/spec/envelope.md`.
 */
import type { FieldModel } from "./model.ts";
import type { Program } from "./program.ts";

/** The column beside a column. No other column of the table may have the name. */
export function blindIndexColumn(column: string): string {
  return `${column}_bidx`;
}

/** The column of a field's blind index; null for a field that is not sealed, not searchable, or kept in no column. */
export function blindIndexOf(
  { sealed }: Pick<Program, "sealed">,
  entity: string,
  field: FieldModel,
): string | null {
  if (!field.searchable || field.storage?.kind !== "column") return null;
  const isSealed = sealed.some((entry) => entry.entity === entity && entry.fields.includes(field.name));
  return isSealed ? blindIndexColumn(field.storage.column) : null;
}
