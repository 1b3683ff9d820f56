/** A value as it is stored: sealed for its row if the policy says so. */
import { parameter, sql, type Sql } from "../scope/text.ts";
import type { WriteFrame } from "./frame.ts";
import type { Assignment } from "./given.ts";

export function storedValue(
  frame: WriteFrame,
  entity: string,
  id: string,
  { field, value }: Assignment,
): Sql {
  if (value === null || !isSealed(frame, entity, field.name)) return parameter(value);
  if (typeof value !== "string") throw new TypeError(`${field.name} is sealed and no text`);
  return sql`pg_catalog.decode(${parameter(frame.sealer.seal({ entity, field: field.name, row: id }, value))}::text, 'hex')`;
}

export function isSealed(frame: WriteFrame, entity: string, field: string): boolean {
  return frame.source.program.sealed.some((entry) => entry.entity === entity && entry.fields.includes(field));
}
