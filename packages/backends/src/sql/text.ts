/** What a text begins with, ends with and contains: by code point, and never by a pattern that the text could steer. */
import type { Atom, SqlExpression } from "@wardline/core";
import { constant, fromBoolean, never, type Predicate } from "./predicate.ts";
import { parameter } from "./sql-type.ts";
import type { Term } from "./term.ts";

type TextOp = Extract<Atom, { kind: "text" }>["op"];

export function textPredicate(op: TextOp, of: Term, part: Term): Predicate {
  if (of.kind === "absent" || part.kind === "absent") return never;
  if (of.kind === "known" && part.kind === "known")
    return constant(holds(op, String(of.value), String(part.value)));
  const certain = [of, part].every((term) => term.kind === "known" || !term.nullable);
  return fromBoolean(textOf(op, expressionOf(of), expressionOf(part)), certain);
}

function textOf(op: TextOp, of: SqlExpression, part: SqlExpression): SqlExpression {
  switch (op) {
    case "starts_with":
      return { kind: "call", name: "starts_with", args: [of, part] };
    case "ends_with": {
      const length: SqlExpression = { kind: "call", name: "char_length", args: [part] };
      const end: SqlExpression = { kind: "call", name: "right", args: [of, length] };
      return { kind: "binary", op: "=", left: end, right: part };
    }
    case "contains": {
      const at: SqlExpression = { kind: "call", name: "strpos", args: [of, part] };
      return { kind: "binary", op: ">", left: at, right: { kind: "integer", value: 0 } };
    }
  }
}

function holds(op: TextOp, text: string, part: string): boolean {
  // Both are well formed, so that no match begins inside of a surrogate pair.
  switch (op) {
    case "starts_with":
      return text.startsWith(part);
    case "ends_with":
      return text.endsWith(part);
    case "contains":
      return text.includes(part);
  }
}

function expressionOf(term: Exclude<Term, { kind: "absent" }>): SqlExpression {
  if (term.kind === "sql") return term.expression;
  const expression = parameter(term.value, "text");
  if (expression === undefined) throw new TypeError("every value is a text in its own way");
  return expression;
}
