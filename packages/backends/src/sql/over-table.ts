/** A predicate over one row, told by the name of its table instead of an alias, where it looks into no other table. */
import type { SqlExpression } from "@wardline/core";
import { rowAlias } from "./scope.ts";

/** Null where a sub-select stands anywhere in it. */
export function overTable(expression: SqlExpression, table: string): SqlExpression | null {
  const inner = (part: SqlExpression) => overTable(part, table);
  switch (expression.kind) {
    case "exists":
    case "scalar":
      return null;
    case "column":
      return expression.table === rowAlias ? { ...expression, table } : expression;
    case "parameter":
    case "placeholder":
    case "boolean":
    case "null":
    case "text":
    case "integer":
      return expression;
    case "and":
    case "or": {
      const of = all(expression.of.map(inner));
      return of && { kind: expression.kind, of };
    }
    case "not":
    case "is_null":
    case "is_true":
    case "byte_order":
    case "note":
    case "cast": {
      const of = inner(expression.of);
      return of && { ...expression, of };
    }
    case "coalesce": {
      const [of, otherwise] = [inner(expression.of), inner(expression.otherwise)];
      return of && otherwise && { ...expression, of, otherwise };
    }
    case "binary": {
      const [left, right] = [inner(expression.left), inner(expression.right)];
      return left && right && { ...expression, left, right };
    }
    case "any": {
      const [left, array] = [inner(expression.left), inner(expression.array)];
      return left && array && { ...expression, left, array };
    }
    case "case": {
      const conditions = all(expression.when.map(({ condition }) => inner(condition)));
      const results = all(expression.when.map(({ result }) => inner(result)));
      const otherwise = inner(expression.otherwise);
      if (conditions === null || results === null || otherwise === null) return null;
      const when = conditions.map((condition, at) => ({ condition, result: results[at] as SqlExpression }));
      return { ...expression, when, otherwise };
    }
    case "call": {
      const args = all(expression.args.map(inner));
      return args && { ...expression, args };
    }
  }
}

function all(parts: readonly (SqlExpression | null)[]): readonly SqlExpression[] | null {
  const kept = parts.filter((part) => part !== null);
  return kept.length === parts.length ? kept : null;
}
