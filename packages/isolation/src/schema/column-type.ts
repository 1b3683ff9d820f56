/** How the types of the model stand in columns. A type that has no exact column type is refused, never approximated. */
import { maxInt, type ScalarType } from "@wardline/core";
import { quoteText } from "./identifier.ts";

export interface ColumnType {
  /** As `format_type` prints it, so that a catalogue can be compared with the model. */
  readonly type: string;
  /** Byte order decides equality and order of text, whatever the cluster's locale. */
  readonly collate: boolean;
  /** What the type itself does not exclude, over a quoted column name; null if nothing. */
  readonly check: ((column: string) => string) | null;
}

/** Key types of the entities, by name: what a reference to one is made of. */
export type KeyTypes = ReadonlyMap<string, "uuid" | "text">;

export const textColumn: ColumnType = { type: "text", collate: true, check: null };
export const uuidColumn: ColumnType = { type: "uuid", collate: false, check: null };

/** The least bytes of a sealed cell and what it begins with, unpadded or padded: see `docs/spec/envelope.md`. */
export const sealedColumn: ColumnType = {
  type: "bytea",
  collate: false,
  check: (column) =>
    `pg_catalog.octet_length(${column}) >= 88 AND pg_catalog.substr(${column}, 1, 4) IN ('\\x574c5302'::pg_catalog.bytea, '\\x574c5303'::pg_catalog.bytea)`,
};

/** The bytes of a blind index, the version of its key and the digest: see `docs/spec/envelope.md`. */
export const blindIndexType: ColumnType = {
  type: "bytea",
  collate: false,
  check: (column) => `pg_catalog.octet_length(${column}) = 20`,
};

/** A column that holds the key of an entity. Throws on an entity that the model does not have. */
export function keyColumn(entity: string, keys: KeyTypes): ColumnType {
  const key = keys.get(entity);
  if (key === undefined) throw new Error(`the model has no entity ${entity}`);
  return key === "uuid" ? uuidColumn : textColumn;
}

/** The column of a scalar. Throws on a decimal that does not fit. */
export function columnType(type: ScalarType, keys: KeyTypes): ColumnType {
  switch (type.kind) {
    case "bool":
      return { type: "boolean", collate: false, check: null };
    case "int":
      return {
        type: "bigint",
        collate: false,
        check: (c) => `${c} BETWEEN ${whole(type.min)} AND ${whole(type.max)}`,
      };
    case "duration":
      return {
        type: "bigint",
        collate: false,
        check: (c) => `${c} BETWEEN ${whole(-maxInt)} AND ${whole(maxInt)}`,
      };
    case "decimal":
      if (!(type.precision >= 1 && type.precision <= 18 && type.scale >= 0 && type.scale <= type.precision)) {
        throw new Error(`a decimal has 1 to 18 digits: (${type.precision}, ${type.scale})`);
      }
      return {
        type: `numeric(${whole(type.precision)},${whole(type.scale)})`,
        collate: false,
        check: (c) => `${c} <> 'NaN'::pg_catalog.numeric`,
      };
    case "instant":
      return {
        type: "timestamp with time zone",
        collate: false,
        check: (c) =>
          `${c} >= '0001-01-01 00:00:00+00'::pg_catalog.timestamptz AND ` +
          `${c} < '10000-01-01 00:00:00+00'::pg_catalog.timestamptz`,
      };
    case "enum":
      return { type: "text", collate: true, check: (c) => oneOf(c, type.values) };
    case "entity":
      return keyColumn(type.entity, keys);
    case "string":
      return textColumn;
    case "uuid":
      return uuidColumn;
    case "ip":
      // A host alone, and never IPv4 inside IPv6, which the language writes as IPv4.
      return {
        type: "inet",
        collate: false,
        check: (c) =>
          `pg_catalog.masklen(${c}) = CASE pg_catalog.family(${c}) WHEN 4 THEN 32 ELSE 128 END AND ` +
          `NOT ${c} OPERATOR(pg_catalog.<<=) '::ffff:0:0/96'::pg_catalog.inet`,
      };
    case "date":
      return {
        type: "date",
        collate: false,
        check: (c) => `${c} BETWEEN '0001-01-01'::pg_catalog.date AND '9999-12-31'::pg_catalog.date`,
      };
    case "time":
      return {
        type: "time without time zone",
        collate: false,
        check: (c) => `${c} < '24:00:00'::pg_catalog.time`,
      };
  }
}

function oneOf(column: string, values: readonly string[]): string {
  return values.length === 0 ? "false" : `${column} IN (${values.map(quoteText).join(", ")})`;
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error(`a bound is a whole number: ${value}`);
  return String(value);
}
