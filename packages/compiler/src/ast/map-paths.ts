/** An expression with its paths replaced. Parts without a path are not looked at twice, nor copied. */
import type { Expression, PathExpression, PathStep } from "./expression.ts";

/** What stands in place of a path, or the path itself. `mustBePath`: after `has` or before `??`. */
export type ReplacePath = (path: PathExpression, mustBePath: boolean) => Expression;

export function mapPaths(expression: Expression, replace: ReplacePath): Expression {
  if (!holdsPath(expression)) return expression;
  const map = (part: Expression) => mapPaths(part, replace);
  switch (expression.kind) {
    case "and":
    case "or":
    case "list":
      return { ...expression, of: expression.of.map(map) };
    case "not":
      return { ...expression, of: map(expression.of) };
    case "compare":
      return { ...expression, left: map(expression.left), right: map(expression.right) };
    case "has":
      return { ...expression, path: onlyPath(expression.path, replace) };
    case "fallback":
      return { ...expression, path: onlyPath(expression.path, replace), literal: map(expression.literal) };
    case "path":
      return replace(inArguments(expression, map), false);
    case "now":
    case "literal":
    case "time_range":
    case "entity":
      return expression;
  }
}

function onlyPath(path: PathExpression, replace: ReplacePath): PathExpression {
  const within = inArguments(path, (part) => mapPaths(part, replace));
  const replaced = replace(within, true);
  return replaced.kind === "path" ? replaced : within;
}

function inArguments(path: PathExpression, map: (part: Expression) => Expression): PathExpression {
  const mapStep = (step: PathStep): PathStep =>
    step.args === null ? step : { ...step, args: step.args.map(map) };
  const isPlain = path.args === null && path.steps.every((step) => step.args === null);
  return isPlain
    ? path
    : { ...path, args: path.args?.map(map) ?? null, steps: path.steps.map((step) => mapStep(step)) };
}

const known = new WeakMap<Expression, boolean>();

/** A long list of literals is looked at once, however often the let that holds it is expanded. */
function holdsPath(expression: Expression): boolean {
  let holds = known.get(expression);
  if (holds === undefined) known.set(expression, (holds = findsPath(expression)));
  return holds;
}

function findsPath(expression: Expression): boolean {
  switch (expression.kind) {
    case "and":
    case "or":
    case "list":
      return expression.of.some(holdsPath);
    case "not":
      return holdsPath(expression.of);
    case "compare":
      return holdsPath(expression.left) || holdsPath(expression.right);
    case "has":
    case "fallback":
    case "path":
      return true;
    case "now":
    case "literal":
    case "time_range":
    case "entity":
      return false;
  }
}
