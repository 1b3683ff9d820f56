/** The conditions of a statement, and the part of them at a place. */
import type { Clause, Expression, Statement } from "@wardline/compiler";

export type ConditionClause = Extract<Clause, { readonly kind: "when" | "unless" }>;

export function conditionClauses(statement: Statement): readonly ConditionClause[] {
  if (!("clauses" in statement)) return [];
  return statement.clauses.filter(
    (clause): clause is ConditionClause => clause.kind === "when" || clause.kind === "unless",
  );
}

/** The parts of an expression that are true or false by themselves, outermost first. */
export function conditionParts(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "and":
    case "or":
      return [expression, ...expression.of.flatMap(conditionParts)];
    case "not":
      return [expression, ...conditionParts(expression.of)];
    case "compare":
    case "has":
    case "path":
      return [expression];
    case "fallback":
    case "now":
    case "literal":
    case "time_range":
    case "entity":
    case "list":
      return [];
  }
}

/** All paths of an expression, those in arguments too. */
export function pathsIn(expression: Expression): readonly Extract<Expression, { readonly kind: "path" }>[] {
  switch (expression.kind) {
    case "and":
    case "or":
    case "list":
      return expression.of.flatMap(pathsIn);
    case "not":
      return pathsIn(expression.of);
    case "has":
      return pathsIn(expression.path);
    case "compare":
      return [...pathsIn(expression.left), ...pathsIn(expression.right)];
    case "fallback":
      return [...pathsIn(expression.path), ...pathsIn(expression.literal)];
    case "path":
      return [
        expression,
        ...(expression.args ?? []).flatMap(pathsIn),
        ...expression.steps.flatMap((step) => (step.args ?? []).flatMap(pathsIn)),
      ];
    case "now":
    case "literal":
    case "time_range":
    case "entity":
      return [];
  }
}
