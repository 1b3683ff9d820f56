/** The types of expressions, as far as they are known before the server is asked, and those that a cast may name. */
import { UnsupportedQuery } from "../errors.ts";
import { sql, word, type Sql } from "./text.ts";

/** As `format_type` prints it; {@link valueType}: a parameter, which takes the type of its place; null: not known. */
export type Type = string | null;

export const valueType = "value";

export interface Typed {
  readonly text: Sql;
  readonly type: Type;
}

export const instant = "timestamp with time zone";

/** How a type is printed in a cast. None is a name of the catalogue, a domain or a composite. */
const printed: ReadonlyMap<string, string> = new Map([
  ["text", "text"],
  ["integer", "pg_catalog.int4"],
  ["bigint", "pg_catalog.int8"],
  ["numeric", "pg_catalog.numeric"],
  ["double precision", "pg_catalog.float8"],
  ["boolean", "pg_catalog.bool"],
  ["uuid", "pg_catalog.uuid"],
  [instant, "pg_catalog.timestamptz"],
  ["date", "pg_catalog.date"],
  ["time without time zone", "pg_catalog.time"],
  ["inet", "pg_catalog.inet"],
  ["json", "pg_catalog.json"],
  ["jsonb", "pg_catalog.jsonb"],
]);

/** What a caller may cast to, by the names that Kysely has. */
const castable: ReadonlyMap<string, string> = new Map([
  ["text", "text"],
  ["integer", "integer"],
  ["int4", "integer"],
  ["bigint", "bigint"],
  ["int8", "bigint"],
  ["numeric", "numeric"],
  ["decimal", "numeric"],
  ["double precision", "double precision"],
  ["float8", "double precision"],
  ["boolean", "boolean"],
  ["uuid", "uuid"],
  ["timestamptz", instant],
  ["date", "date"],
  ["time", "time without time zone"],
  ["jsonb", "jsonb"],
]);

export const castTypes: readonly string[] = [...castable.keys()];

/** The type that a cast of a caller names. */
export function castType(name: unknown): string {
  const type = typeof name === "string" ? castable.get(name) : undefined;
  if (type === undefined)
    throw new UnsupportedQuery(
      "query/unsupported-function",
      `a cast to ${String(name)} is not supported: cast to one of ${castTypes.join(", ")}`,
    );
  return type;
}

/** The expression as one of a type; a value is told its type, and what has it already stays as it is. */
export function asType({ text, type }: Typed, wanted: string): Sql {
  if (type === wanted) return text;
  return sql`cast(${text} as ${printedType(wanted)})`;
}

function printedType(type: string): Sql {
  const element = type.endsWith("[]") ? type.slice(0, -2) : type;
  const name = printed.get(element);
  if (name === undefined) throw new TypeError(`no cast to ${type} is printed`);
  return word(element === type ? name : `${name}[]`);
}

/** Whether arrays of a type can be parameters. */
export function hasArrays(type: Type): type is string {
  return type !== null && printed.has(type);
}

const numbers: readonly Type[] = ["integer", "bigint", "numeric"];

export function isNumber(type: Type): boolean {
  return numbers.includes(type);
}

/** Whether the server takes one type for the other without being asked to, and without a loss. */
export function widens(from: Type, to: string): boolean {
  return isNumber(from) && numbers.indexOf(from) < numbers.indexOf(to);
}

/** The one type of several expressions that stand for each other; values take that of the others. */
export function commonType(types: readonly Type[]): Type {
  const known = [...new Set(types.filter((type) => type !== valueType))];
  if (known.length === 0) return "text";
  if (known.every(isNumber)) return numbers.findLast((type) => known.includes(type)) ?? null;
  return known.length === 1 ? (known[0] as Type) : null;
}

export function mismatch(what: string): UnsupportedQuery {
  return new UnsupportedQuery("query/type-mismatch", what);
}

export function shownType(type: Type): string {
  return type === null ? "something of an unknown type" : type;
}
