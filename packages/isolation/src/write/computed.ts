/**
 * Values that the database computes from what the caller sees. They are cast to the type of the column that they are for,
 * as an assignment would, come back as text, and are checked like any other value before they are stored.
 */
import type { ModelIr, ScalarType, WireScalar } from "@wardline/core";
import { exactText, textCell } from "../gate/run.ts";
import { columnText, wireValue } from "../gate/wire-column.ts";
import { columnType } from "../schema/column-type.ts";
import { sql, word, type Sql } from "../scope/text.ts";

/** A text column of a select for an expression, to be read by {@link computedValue}. */
export function computedText(model: ModelIr, type: ScalarType, expression: Sql): Sql {
  return exactText(columnText(type, sql`cast(${expression} as ${databaseType(model, type)})`));
}

export function computedValue(
  row: Record<string, unknown>,
  column: string,
  type: ScalarType,
): WireScalar | null {
  const cell = row[column];
  return cell === null || cell === undefined ? null : wireValue(type, textCell(row, column));
}

/** The type of a column, by the words of the database. */
export function databaseType(model: ModelIr, type: ScalarType): Sql {
  const keys = new Map(model.entities.map((entity) => [entity.name, entity.keyType]));
  return word(columnType(type, keys).type);
}
