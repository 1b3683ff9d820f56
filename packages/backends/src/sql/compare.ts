/** Comparisons between terms. Both sides are of one type of the language; nothing is ever coerced but uuid to its text. */
import {
  type CompareOp,
  ordinalOf,
  type ScalarType,
  type SqlExpression,
  type WireScalar,
} from "@wardline/core";
import { constant, either, fromBoolean, never, type Predicate } from "./predicate.ts";
import { driverText, arrayOf, parameter } from "./sql-type.ts";
import type { SqlTerm, Term } from "./term.ts";
import { UnsupportedInSql } from "./unsupported.ts";

export function equal(left: Term, right: Term): Predicate {
  if (left.kind === "absent" || right.kind === "absent") return never;
  if (left.kind === "known") {
    if (right.kind === "known") return constant(left.value === right.value);
    return equal(right, left);
  }
  const [a, b] = aligned(left, right);
  if (b === undefined) return never;
  const same: SqlExpression = { kind: "binary", op: "=", left: a.expression, right: b.expression };
  return {
    holds: same,
    fails:
      a.nullable && b.nullable
        ? { kind: "is_true", of: same, negated: true }
        : { kind: "binary", op: "IS DISTINCT FROM", left: a.expression, right: b.expression },
  };
}

const opposite = { lt: "ge", le: "gt", gt: "le", ge: "lt" } as const;
const mirrored = { lt: "gt", le: "ge", gt: "lt", ge: "le" } as const;
const symbol = { lt: "<", le: "<=", gt: ">", ge: ">=" } as const;

/** The types are those of the two sides: decimals of one scale may differ in precision. */
export function ordered(
  op: Exclude<CompareOp, "eq">,
  left: Term,
  right: Term,
  types: readonly [ScalarType, ScalarType],
): Predicate {
  for (const type of types) requireOrder(type);
  if (left.kind === "absent" || right.kind === "absent") return never;
  if (left.kind === "known") {
    if (right.kind === "known")
      return constant(orderHolds(op, magnitude(left.value, types[0]), magnitude(right.value, types[1])));
    return ordered(mirrored[op], right, left, [types[1], types[0]]);
  }
  const [a, b] = aligned(left, right);
  if (b === undefined) throw new UnsupportedInSql(`an order of ${types[0].kind}`);
  const say = (o: typeof op): SqlExpression => ({
    kind: "binary",
    op: symbol[o],
    left: a.expression,
    right: b.expression,
  });
  return a.nullable || b.nullable
    ? fromBoolean(say(op), false)
    : { holds: say(op), fails: say(opposite[op]) };
}

/** The term equals one of the values. */
export function oneOf(term: Term, values: readonly WireScalar[]): Predicate {
  if (term.kind === "absent") return never;
  if (term.kind === "known") return constant(values.includes(term.value));
  if (term.type === "boolean") return either(values.map((value) => equal(term, { kind: "known", value })));
  const texts = [...new Set(values.map((value) => driverText(value, term.type)))].filter(
    (text) => text !== undefined,
  );
  if (texts.length === 0) return never;
  if (texts.length === 1) return equal(term, { kind: "known", value: texts[0] as string });
  const array: SqlExpression = { kind: "parameter", value: texts, type: arrayOf(term.type) };
  return fromBoolean({ kind: "any", left: term.expression, array }, !term.nullable);
}

/** Both sides as expressions of one SQL type; no second if nothing of the first's type can be equal to it. */
export function aligned(
  left: SqlTerm,
  right: Exclude<Term, { kind: "absent" }>,
): readonly [SqlTerm, SqlTerm | undefined] {
  if (right.kind === "known") {
    const expression = parameter(right.value, left.type);
    return [left, expression && { kind: "sql", expression, type: left.type, nullable: false }];
  }
  if (left.type === right.type) return [left, right];
  const types = new Set([left.type, right.type]);
  if (!types.has("uuid") || !types.has("text"))
    throw new UnsupportedInSql(`a comparison of ${left.type} with ${right.type}`);
  return [asText(left), asText(right)];
}

/** The text of a uuid column is the canonical one, so that equality stays what it was. */
export function asText(term: SqlTerm): SqlTerm {
  if (term.type === "text") return term;
  return { ...term, expression: { kind: "cast", of: term.expression, type: "text" }, type: "text" };
}

function requireOrder(type: ScalarType): void {
  switch (type.kind) {
    case "int":
    case "duration":
    case "decimal":
    case "instant":
    case "date":
    case "time":
      return;
    case "bool":
    case "string":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
      throw new UnsupportedInSql(`an order of ${type.kind}`);
  }
}

function orderHolds(op: Exclude<CompareOp, "eq">, a: bigint, b: bigint): boolean {
  switch (op) {
    case "lt":
      return a < b;
    case "le":
      return a <= b;
    case "gt":
      return a > b;
    case "ge":
      return a >= b;
  }
}

function magnitude(value: WireScalar, type: ScalarType): bigint {
  const ordinal = ordinalOf(value, type);
  // Invariant: facts and constants are checked before they are compared.
  if (ordinal === undefined) throw new TypeError(`not a value of type ${type.kind}`);
  return ordinal;
}
