/** From an expression to a formula, with the facts that are present where it holds. A refused part is false. */
import { formatType } from "@wardline/core";
import type { Expression, Name, PathExpression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { withArticle } from "./article.ts";
import { nullTest, reportUnknown } from "./bare-name.ts";
import { checkComparison } from "./comparison.ts";
import { all, always, any, ask, never, not, type Formula } from "./formula.ts";
import { checkHas, checkNull } from "./has.ts";
import { both, common, nothing, type Checked, type Known } from "./known.ts";
import { rootWords } from "./literal.ts";
import { expandLet } from "./expand-let.ts";
import { checkMembership } from "./membership.ts";
import { checkEmptiness, checkMethod } from "./method.ts";
import { meantPresence } from "./presence.ts";
import { checkRelation } from "./relation.ts";
import { reportRoot, sideOf } from "./side.ts";
import type { Scope } from "./scope.ts";
import { replaceFix } from "./suggest.ts";
import { worded, wordsAt } from "./words.ts";

const refused: Checked = { formula: never, yes: nothing, no: nothing };

/** How deep conditions may stand in one another, lets expanded. The text itself is less deep: lets add to it. */
export const maxDepth = 200;

/** Checks a condition where `known` facts are present. */
export function checkCondition(scope: Scope, expression: Expression, known: Known): Checked {
  const { use } = scope;
  // Expansion is measured while it grows: a rule over a limit is reported by its caller and goes no further.
  use.terms += 1;
  if (use.depth >= maxDepth) use.tooDeep = true;
  if (use.tooDeep || use.terms > scope.limit) return refused;
  use.depth += 1;
  const checked = checkKind(scope, expression, known);
  use.depth -= 1;
  if (!asks(scope, expression)) return checked;
  return { ...checked, formula: worded(checked.formula, wordsAt(expression.span)) };
}

/** True for an expression whose own words ask; others are made of such, and a let's words stand where it is defined. */
function asks({ setting }: Scope, expression: Expression): boolean {
  if (expression.kind === "path")
    return expression.root.kind !== "name" || !setting.lets.has(expression.root.name.text);
  return expression.kind === "compare" || expression.kind === "has" || expression.kind === "fallback";
}

function checkKind(scope: Scope, expression: Expression, known: Known): Checked {
  switch (expression.kind) {
    case "and":
    case "or":
      return checkJoin(scope, expression.kind, expression.of, known);
    case "not": {
      const { formula, yes, no } = checkCondition(scope, expression.of, known);
      return { formula: not(formula), yes: no, no: yes };
    }
    case "has":
      return checkHas(scope, expression.path);
    case "compare": {
      const test = nullTest(scope, expression);
      if (test !== null) return checkNull(scope, test, expression.span);
      switch (expression.op) {
        case "in":
          return plain(checkMembership(scope, expression, known));
        case "not in":
          return plain(not(checkMembership(scope, expression, known)));
        case "==":
        case "!=":
        case "<":
        case "<=":
        case ">":
        case ">=":
          return plain(checkComparison(scope, expression, expression.op, known));
      }
      return refused;
    }
    case "path":
      return checkPath(scope, expression, known);
    case "fallback":
      return plain(checkTruth(scope, expression, known));
    case "literal":
      if (expression.type === "bool") return plain(expression.text === "true" ? always : never);
      return notCondition(scope, expression, "a literal");
    case "now":
      return notCondition(scope, expression, "`now`");
    case "time_range":
      return notCondition(scope, expression, "a range of times");
    case "entity":
      return notCondition(scope, expression, "an entity");
    case "list":
      return notCondition(scope, expression, "a list");
  }
}

function plain(formula: Formula): Checked {
  return { formula, yes: nothing, no: nothing };
}

function notCondition(scope: Scope, expression: Expression, what: string): Checked {
  scope.setting.report.add(
    finding("type/not-condition", expression.span, { what }, { help: "compare it with something" }),
  );
  return refused;
}

/** Facts flow from left to right: what holds through an `and`, what does not into the right of an `or`. */
function checkJoin(scope: Scope, kind: "and" | "or", of: readonly Expression[], known: Known): Checked {
  let flowing = nothing;
  const ends: Known[] = [];
  const formulas: Formula[] = [];
  for (const part of of) {
    const checked = checkCondition(scope, part, both(known, flowing));
    const [goesOn, stops] = kind === "and" ? [checked.yes, checked.no] : [checked.no, checked.yes];
    ends.push(both(flowing, stops));
    flowing = both(flowing, goesOn);
    formulas.push(checked.formula);
  }
  const stopped = common(ends);
  return kind === "and"
    ? { formula: all(formulas), yes: flowing, no: stopped }
    : { formula: any(formulas), yes: stopped, no: flowing };
}

function checkPath(scope: Scope, path: PathExpression, known: Known): Checked {
  const { report } = scope.setting;
  const method = path.steps.at(-1);
  switch (path.root.kind) {
    case "class":
      report.add(finding("type/class", path.rootSpan, { class: path.root.name.text }));
      return refused;
    case "keyword":
      if (method !== undefined && method.args !== null && path.args === null)
        return plain(checkMethod(scope, path, method, known));
      return checkAttribute(scope, path, known);
    case "name":
      if (path.steps.length > 0) {
        reportRoot(scope, path.root.name, path);
        return refused;
      }
      if (scope.setting.brokenLets.has(path.root.name.text)) return refused;
      if (scope.setting.lets.has(path.root.name.text)) return checkLet(scope, path, path.root.name, known);
      if (path.args === null) return checkName(scope, path.root.name);
      return plain(checkRelation(scope, path, path.args, known));
  }
}

/** `resource.tags.is_empty`, or a fact of type Bool. */
function checkAttribute(scope: Scope, path: PathExpression, known: Known): Checked {
  const empty = checkEmptiness(scope, path, known);
  if (empty !== null) return plain(empty);
  return meantPresence(scope, path, known) ?? plain(checkTruth(scope, path, known));
}

/** A let stands for its condition, with what it is given in place of its parameters. */
function checkLet(scope: Scope, use: PathExpression, name: Name, known: Known): Checked {
  const meant = scope.setting.lets.get(name.text);
  if (meant === undefined) return refused;
  if (meant.parameters === null && use.args === null) return checkCondition(scope, meant.value, known);
  const expanded = expandLet(scope, meant, use);
  return expanded === null ? refused : checkCondition(expanded.scope, expanded.value, known);
}

/** A bare name that is no let, and so no condition. */
function checkName(scope: Scope, name: Name): Checked {
  const { lets, roles, model, report } = scope.setting;
  if (roles.has(name.text)) {
    const text = `principal.roles.contains(${name.text})`;
    report.add(
      finding(
        "type/role-as-condition",
        name.span,
        { role: name.text },
        { help: `write \`${text}\``, fixes: [replaceFix(name.span, text)] },
      ),
    );
  } else if (model.relations.has(name.text)) {
    const { from = "", to = "" } = model.relations.get(name.text) ?? {};
    const expected = `${withArticle(from)} and ${withArticle(to)}`;
    report.add(finding("type/arguments", name.span, { name: name.text, expected, given: "nothing" }));
  } else if ([...model.enums.values()].some((values) => values.includes(name.text)))
    report.add(
      finding(
        "type/not-condition",
        name.span,
        { what: `the value \`${name.text}\`` },
        { help: "compare it with something" },
      ),
    );
  else reportUnknown(scope, name, [...lets.keys(), ...model.relations.keys(), ...rootWords]);
  return refused;
}

/** A fact of type Bool by itself. */
function checkTruth(
  scope: Scope,
  expression: Extract<Expression, { kind: "path" | "fallback" }>,
  known: Known,
): Formula {
  const side = sideOf(scope, expression, known);
  if (side === null) return never;
  if (side.kind === "fact" && side.type.kind === "bool") return ask({ kind: "truth", of: side.term });
  const help = side.kind === "set" ? "use `.contains(…)`" : "compare it with something";
  const what =
    side.kind === "set"
      ? `\`${side.read.text}\` is a set and`
      : side.kind === "fact"
        ? `\`${side.read.text}\`, of type ${formatType(side.type)},`
        : "this";
  scope.setting.report.add(finding("type/not-condition", expression.span, { what }, { help }));
  return never;
}
