/** Ways through expressions and statements that do not depend on what they mean. */
import type { Expression } from "./expression.ts";
import type { Clause, Statement } from "./statement.ts";

/** The parts that an expression is directly made of. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "and":
    case "or":
    case "list":
      return expression.of;
    case "not":
      return [expression.of];
    case "has":
      return [expression.path];
    case "compare":
      return [expression.left, expression.right];
    case "fallback":
      return [expression.path, expression.literal];
    case "path":
      return [...(expression.args ?? []), ...expression.steps.flatMap((step) => step.args ?? [])];
    case "now":
    case "literal":
    case "time_range":
    case "entity":
      return [];
  }
}

/** An expression and all that it is made of, outermost first. */
export function allParts(expression: Expression): readonly Expression[] {
  return [expression, ...partsOf(expression).flatMap(allParts)];
}

/** The conditions that a statement's clauses, or its let, hold. */
export function conditionsIn(statement: Statement): readonly Expression[] {
  if (statement.kind === "let") return [statement.value];
  return "clauses" in statement
    ? statement.clauses.flatMap((clause) => (isCondition(clause) ? [clause.condition] : []))
    : [];
}

export function isCondition(clause: Clause): clause is Extract<Clause, { kind: "when" | "unless" }> {
  return clause.kind === "when" || clause.kind === "unless";
}
