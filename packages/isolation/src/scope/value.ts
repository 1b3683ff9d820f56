/** The values of a caller: plain scalars that every driver carries unchanged, always as parameters. */
import { isText } from "@wardline/core";
import { UnsupportedQuery } from "../errors.ts";
import { Hole, maxList } from "./hole.ts";
import { parameter, word, type Sql } from "./text.ts";
import { valueType, type Type } from "./type.ts";

export type Scalar = string | number | bigint | boolean | null;

export function scalar(value: unknown): Scalar {
  if (value === null || typeof value === "boolean" || typeof value === "bigint") return value;
  if (typeof value === "string" && isText(value)) return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new UnsupportedQuery(
    "query/unsupported-value",
    "a value in the query is not a plain text, number, boolean, date or null",
  );
}

export function valueParameter(value: unknown): Sql {
  if (value instanceof Hole && value.kind !== "list") return parameter(value);
  const plain = scalar(value);
  return parameter(typeof plain === "bigint" ? plain.toString() : plain);
}

/** A value that Kysely writes into the text (`is null`, `lit`). Only what needs no quoting stays text. */
export function immediateValue(value: unknown): Sql {
  const plain = scalar(value);
  if (plain === null || typeof plain === "boolean") return word(String(plain));
  if (typeof plain === "number" && Number.isSafeInteger(plain))
    return word(plain < 0 ? `(${plain})` : String(plain));
  return valueParameter(plain);
}

export function immediateType(value: unknown): Type {
  if (typeof value === "boolean") return "boolean";
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return valueType;
  return Math.abs(value) < 2 ** 31 ? "integer" : "bigint";
}

/** A list of values as one array; it may be empty. Null is refused in it: it would equal nothing, and not every driver carries it. */
export function arrayParameter(values: unknown): Sql {
  if (values instanceof Hole && values.kind === "list") return parameter(values);
  if (!Array.isArray(values) || values.length > maxList || values.includes(null))
    throw new UnsupportedQuery(
      "query/unsupported-value",
      `a list in the query is none, holds null, or has more than ${maxList} values`,
    );
  return parameter(
    values.map((value: unknown) => {
      const plain = scalar(value);
      return typeof plain === "bigint" ? plain.toString() : plain;
    }),
  );
}

export function valueList(values: unknown): readonly Sql[] {
  if (!Array.isArray(values) || values.length === 0 || values.length > maxList)
    throw new UnsupportedQuery(
      "query/unsupported-value",
      `a list in the query has no value, or more than ${maxList}`,
    );
  return values.map(valueParameter);
}
