/**
 * The operators, functions and types that a caller may use, and how each is printed. None is volatile, reads the
 * server or runs text. What is not here is refused.
 */
import { UnsupportedQuery } from "../errors.ts";
import { word, type Sql } from "./text.ts";

const binaryOperators: ReadonlyMap<string, string> = new Map([
  ...["=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "||"].map((op) => [op, op] as const),
  ...["like", "not like", "ilike", "not ilike", "is distinct from", "is not distinct from"].map(
    (op) => [op, op] as const,
  ),
  ["!=", "<>"],
]);

const functions: ReadonlyMap<string, string> = new Map([
  ["coalesce", "coalesce"],
  ["lower", "pg_catalog.lower"],
  ["upper", "pg_catalog.upper"],
  ["length", "pg_catalog.length"],
]);

const aggregates: ReadonlyMap<string, string> = new Map(
  ["count", "sum", "avg", "min", "max"].map((name) => [name, `pg_catalog.${name}`] as const),
);

const types: ReadonlyMap<string, string> = new Map([
  ["text", "text"],
  ["integer", "pg_catalog.int4"],
  ["bigint", "pg_catalog.int8"],
  ["numeric", "pg_catalog.numeric"],
  ["boolean", "pg_catalog.bool"],
  ["uuid", "pg_catalog.uuid"],
  ["timestamptz", "pg_catalog.timestamptz"],
  ["date", "pg_catalog.date"],
]);

export function binaryOperator(operator: unknown): Sql {
  return listed(binaryOperators, operator, "query/unsupported-operator", "operator");
}

export function scalarFunction(name: unknown): Sql {
  return listed(functions, name, "query/unsupported-function", "function");
}

export function aggregateFunction(name: unknown): Sql {
  return listed(aggregates, name, "query/unsupported-function", "aggregate");
}

export function castType(name: unknown): Sql {
  return listed(types, name, "query/unsupported-function", "cast to");
}

function listed(
  list: ReadonlyMap<string, string>,
  name: unknown,
  code: "query/unsupported-operator" | "query/unsupported-function",
  what: string,
): Sql {
  const entry = typeof name === "string" ? list.get(name) : undefined;
  if (entry === undefined) throw new UnsupportedQuery(code, `${what} ${String(name)} is not supported`);
  return word(entry);
}

/** Names of functions that a caller may use: no column may bear one. */
export const callableNames: ReadonlySet<string> = new Set([...functions.keys(), ...aggregates.keys()]);
