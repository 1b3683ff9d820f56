/** Columns as values on the wire: cast to text by the database, so that no driver's parser has a say in a decision. */
import type { ScalarType, WireScalar } from "@wardline/core";
import { parameter, sql, type Sql } from "../scope/text.ts";

/** The canonical text of a column. */
export function columnText(type: ScalarType, column: Sql): Sql {
  switch (type.kind) {
    case "instant":
      return sql`pg_catalog.to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
    case "ip":
      return sql`pg_catalog.host(${column})`;
    case "time":
      return sql`pg_catalog.to_char(${column}, 'HH24:MI:SS.US')`;
    case "bool":
    case "int":
    case "decimal":
    case "string":
    case "duration":
    case "enum":
    case "entity":
    case "uuid":
    case "date":
      return sql`${column}::text`;
  }
}

/** The wire value of such a text. What is malformed stays malformed, and the decision refuses it. */
export function wireValue(type: ScalarType, text: string): WireScalar {
  switch (type.kind) {
    case "bool":
      return text === "true";
    case "int":
    case "duration":
      return Number(text);
    case "decimal":
    case "string":
    case "instant":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
    case "date":
    case "time":
      return text;
  }
}

/** Ids as an array parameter of the key's own type, so that an index serves. Ids that cannot be keys are left out. */
export function keyArray(keyType: "uuid" | "text", ids: readonly string[]): Sql {
  return keyType === "uuid" ? sql`${parameter(ids)}::uuid[]` : sql`${parameter(ids)}::text[]`;
}
