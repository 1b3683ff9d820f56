/** A value as it is stored: sealed for its row if the policy says so. */
import type { StoredEntity } from "../gate/catalogue.ts";
import { parameter, sql, type Sql } from "../scope/text.ts";
import type { WriteFrame } from "./frame.ts";
import type { Assignment } from "./given.ts";

export function storedValue(
  frame: WriteFrame,
  entity: StoredEntity,
  id: string,
  { field, column, value }: Assignment,
): Sql {
  if (value === null || !isSealed(frame, entity.name, field.name)) return parameter(value);
  if (typeof value !== "string") throw new TypeError(`${field.name} is sealed and no text`);
  const place = { table: entity.storage.table, column, row: id };
  return sql`pg_catalog.decode(${parameter(frame.sealer.seal(place, value))}::text, 'hex')`;
}

export function isSealed(frame: WriteFrame, entity: string, field: string): boolean {
  return frame.source.program.sealed.some((entry) => entry.entity === entity && entry.fields.includes(field));
}
