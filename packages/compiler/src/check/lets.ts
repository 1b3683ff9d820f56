/** A policy's lets: their names, that none is defined by itself, that each is used. */
import type { Span } from "@wardline/core";
import type { Expression } from "../ast/expression.ts";
import type { AssertStatement, LetStatement, RequireStatement, RuleStatement } from "../ast/statement.ts";
import { mapPaths } from "../ast/map-paths.ts";
import { finding } from "../diagnostics/table.ts";
import { leaveStatementOut } from "../lint/leave-statement-out.ts";
import { cycleFrom } from "./cycle.ts";
import { declare } from "./declare.ts";
import type { Report } from "./report.ts";
import type { Model, RoleSymbol } from "./symbols.ts";

export interface Lets {
  readonly lets: ReadonlyMap<string, LetStatement>;
  /** Refused ones: each was reported, and stands for nothing. */
  readonly broken: ReadonlySet<string>;
}

export function checkLets(
  report: Report,
  model: Model,
  roles: ReadonlyMap<string, RoleSymbol>,
  statements: readonly LetStatement[],
): Lets {
  const lets = new Map<string, LetStatement>();
  const broken = new Set<string>();
  const seen = new Map<string, Span>();
  for (const statement of statements) {
    const { name } = statement;
    const other = takenBy(model, roles, name.text);
    if (other !== null) report.add(finding("name/taken", name.span, { name: name.text, other }));
    if (!declare(report, seen, "let", name)) continue;
    lets.set(name.text, statement);
    if (other !== null) broken.add(name.text);
  }
  for (const statement of lets.values())
    if (!checkParameters(report, model, roles, lets, statement)) broken.add(statement.name.text);
  const uses = new Map(
    [...lets].map(([name, { value, parameters }]) => {
      const isOther = (n: string) => lets.has(n) && parameters?.some(({ text }) => text === n) !== true;
      return [name, namesIn(value).filter(isOther)] as const;
    }),
  );
  for (const [name, statement] of lets) {
    const path = cycleFrom(name, uses);
    if (path === undefined) continue;
    report.add(finding("type/recursive-let", statement.name.span, { name, path: path.join(" → ") }));
    broken.add(name);
  }
  return { lets, broken };
}

/** A parameter stands for its argument everywhere in the let, so it may be called like nothing else. */
function checkParameters(
  report: Report,
  model: Model,
  roles: ReadonlyMap<string, RoleSymbol>,
  lets: ReadonlyMap<string, LetStatement>,
  { parameters, value }: LetStatement,
): boolean {
  const seen = new Map<string, Span>();
  let isRight = true;
  for (const parameter of parameters ?? []) {
    const other = lets.has(parameter.text) ? "a let" : takenBy(model, roles, parameter.text);
    if (other !== null) report.add(finding("name/taken", parameter.span, { name: parameter.text, other }));
    if (!declare(report, seen, "parameter", parameter) || other !== null) isRight = false;
  }
  mapPaths(value, (path) => {
    if (path.root.kind !== "name" || path.args === null || !seen.has(path.root.name.text)) return path;
    report.add(
      finding(
        "type/not-value",
        path.span,
        { what: `\`${path.root.name.text}(…)\`` },
        {
          help: `\`${path.root.name.text}\` is a parameter and stands for what is given: leave the parentheses out`,
        },
      ),
    );
    isRight = false;
    return path;
  });
  return isRight;
}

/** Reports the lets that no rule uses, directly or through another. */
export function checkUnused(
  report: Report,
  lets: Lets,
  rules: readonly (RuleStatement | RequireStatement | AssertStatement)[],
  text: string,
): void {
  const used = new Set<string>();
  const pending = rules.flatMap((rule) =>
    rule.clauses.flatMap((clause) =>
      clause.kind === "when" || clause.kind === "unless" ? namesIn(clause.condition) : [],
    ),
  );
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const meant = lets.lets.get(name);
    if (meant === undefined || used.has(name)) continue;
    used.add(name);
    pending.push(...namesIn(meant.value));
  }
  for (const { name, parameters, value, span } of lets.lets.values()) {
    if (!used.has(name.text))
      report.add(
        finding(
          "lint/unused-let",
          name.span,
          { name: name.text },
          { fixes: [leaveStatementOut(text, span)] },
        ),
      );
    const named = new Set(parameters === null ? [] : namesIn(value));
    for (const parameter of parameters ?? [])
      if (!named.has(parameter.text))
        report.add(finding("lint/unused-parameter", parameter.span, { name: parameter.text }));
  }
}

function takenBy(model: Model, roles: ReadonlyMap<string, RoleSymbol>, name: string): string | null {
  if (roles.has(name)) return "a role";
  if (model.relations.has(name)) return "a relation";
  if (model.actions.has(name)) return "an action";
  if (model.groups.has(name)) return "a group of actions";
  for (const [type, values] of model.enums) if (values.includes(name)) return `a value of ${type}`;
  return null;
}

/** All bare names in an expression. */
function namesIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case "and":
    case "or":
    case "list":
      return expression.of.flatMap(namesIn);
    case "not":
      return namesIn(expression.of);
    case "has":
      return namesIn(expression.path);
    case "compare":
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    case "fallback":
      return [...namesIn(expression.path), ...namesIn(expression.literal)];
    case "path": {
      const inside = [
        ...(expression.args ?? []),
        ...expression.steps.flatMap((step) => step.args ?? []),
      ].flatMap(namesIn);
      return expression.root.kind === "name" ? [expression.root.name.text, ...inside] : inside;
    }
    case "now":
    case "literal":
    case "time_range":
    case "entity":
      return [];
  }
}
