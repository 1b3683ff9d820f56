/**
 * The types that a statement may name or compute with, by the names of pg_catalog, and the casts between them. No `reg*`,
 * domain, composite, `oid` or `xml` is among them: their input reads the catalogue or runs code.
 */

/** A type by its name in pg_catalog, with `[]` for an array of it; `unknown` for a constant or parameter without one. */
export type TypeName = string;

/** What a blind index is to the check: a type that no statement can name, and that no operator or function takes. */
export const blindIndex: TypeName = "blind index";

/** Spellings of the grammar that are no names of pg_catalog never reach us: the parser has turned `bigint` into `int8`. */
const scalarTypes: ReadonlySet<string> = new Set([
  "bool",
  "bytea",
  "date",
  "float8",
  "inet",
  "int4",
  "int8",
  "interval",
  "json",
  "jsonb",
  "numeric",
  "text",
  "time",
  "timestamp",
  "timestamptz",
  "uuid",
]);

export function isListedType(type: TypeName): boolean {
  return scalarTypes.has(elementType(type) ?? type);
}

export const listedTypes: readonly TypeName[] = [...scalarTypes];

/** The type of an array's elements; undefined for what is no array. */
export function elementType(type: TypeName): TypeName | undefined {
  return type.endsWith("[]") ? type.slice(0, -2) : undefined;
}

/** From the narrowest on: a value becomes a later one by itself. */
const ladders: readonly (readonly TypeName[])[] = [
  ["int4", "int8", "numeric", "float8"],
  ["date", "timestamp", "timestamptz"],
  ["time", "interval"],
];

/** True if the server turns one into the other without being asked. */
export function becomes(from: TypeName, to: TypeName): boolean {
  if (from === to || from === "unknown") return true;
  // Where a view shows no index it shows NULL of the column's own type.
  if (to === blindIndex) return from === "bytea";
  return ladders.some((ladder) => ladder.includes(from) && ladder.indexOf(from) <= ladder.indexOf(to));
}

/** The one type of values that stand for each other, as in CASE or a union; undefined if there is none. */
export function commonType(types: readonly TypeName[]): TypeName | undefined {
  const known = [...new Set(types)].filter((type) => type !== "unknown");
  if (known.length === 0) return types.length === 0 ? undefined : "text";
  return known.find((type) => known.every((other) => becomes(other, type)));
}

/** True for a cast that is on the list: to the same type, to and from text, and along the ladders both ways. */
export function isListedCast(from: TypeName, to: TypeName): boolean {
  if (!isListedType(to)) return false;
  if (from === "unknown" || from === to || from === "text" || to === "text") return true;
  const [element, target] = [elementType(from), elementType(to)];
  if (element !== undefined || target !== undefined)
    return element !== undefined && target !== undefined && isListedCast(element, target);
  return (
    ladders.some((ladder) => ladder.includes(from) && ladder.includes(to)) ||
    besides.some((pair) => pair.includes(from) && pair.includes(to))
  );
}

const besides: readonly (readonly TypeName[])[] = [
  ["bool", "int4"],
  ["json", "jsonb"],
];
