/** Where a pack uses its parameters: that each stands where it can, and that each is used. */
import type { Expression, Name } from "../ast/expression.ts";
import { mapPaths } from "../ast/map-paths.ts";
import type { Clause, Reach, Statement, Term, TermRecord } from "../ast/statement.ts";
import type { Report } from "../check/report.ts";
import { unknownName } from "../check/suggest.ts";
import { finding } from "../diagnostics/table.ts";
import type { Parameter } from "./parameter.ts";

type Parameters = ReadonlyMap<string, Parameter>;

interface Walk {
  readonly report: Report;
  readonly parameters: Parameters;
  readonly used: Set<string>;
}

/** Reports what stands where it cannot, and the parameters that nothing uses. */
export function checkParameterUses(
  report: Report,
  parameters: Parameters,
  statements: readonly Statement[],
): void {
  const walk: Walk = { report, parameters, used: new Set() };
  for (const statement of statements) inStatement(walk, statement);
  for (const { name } of parameters.values())
    if (!walk.used.has(name.text))
      report.add(finding("lint/unused-parameter", name.span, { name: name.text }));
}

function inStatement(walk: Walk, statement: Statement): void {
  if (statement.kind === "forbid" || statement.kind === "require") {
    if (statement.reach !== null) inReach(walk, statement.reach);
    for (const clause of statement.clauses) inClause(walk, clause);
  }
  if (statement.kind === "require") for (const term of statement.terms) inObligation(walk, term);
  if (statement.kind === "settings") for (const { value } of statement.entries) inSetting(walk, value);
}

function inReach(walk: Walk, { touching }: Reach): void {
  if (touching?.kind !== "name") return;
  const { name } = touching;
  const parameter = walk.parameters.get(name.text);
  walk.used.add(name.text);
  if (parameter === undefined) {
    const classes = [...walk.parameters.values()].filter(({ type }) => type.kind === "class");
    walk.report.add(
      unknownName(
        "parameter",
        name,
        classes.map((p) => p.name.text),
      ),
    );
  } else if (parameter.type.kind !== "class")
    misuse(
      walk,
      name,
      "is no class",
      "name a parameter that is declared as `class`, or a class such as `#phi`",
    );
}

function inClause(walk: Walk, clause: Clause): void {
  switch (clause.kind) {
    case "when":
    case "unless":
      return inCondition(walk, clause.condition);
    case "with":
      for (const term of clause.terms) inObligation(walk, term);
      return;
    case "because":
    case "trusting":
      return;
  }
}

function inCondition(walk: Walk, condition: Expression): void {
  mapPaths(condition, (path, mustBePath) => {
    if (path.root.kind !== "name") return path;
    const { name } = path.root;
    const parameter = walk.parameters.get(name.text);
    if (parameter === undefined) return path;
    walk.used.add(name.text);
    if (path.steps.length > 0 || path.args !== null)
      misuse(walk, name, "has no attributes", `compare with \`${name.text}\` itself`);
    else if (mustBePath)
      misuse(walk, name, "is never absent", "ask for what may be absent, such as `has resource.NAME`");
    else if (parameter.type.kind === "class")
      misuse(walk, name, "is a class, and no value", `narrow the rule with \`touching ${name.text}\``);
    return path;
  });
}

function misuse({ report }: Walk, name: Name, problem: string, help: string): void {
  report.add(finding("pack/parameter-use", name.span, { name: name.text, problem, help }));
}

function inObligation(walk: Walk, term: Term): void {
  if (term.kind === "call") for (const { term: within } of term.args) inTerm(walk, within);
}

function inTerm(walk: Walk, term: Term): void {
  if (term.kind === "call" && term.args.length === 0) walk.used.add(term.name.text);
  inObligation(walk, term);
}

function inSetting(walk: Walk, value: Term | TermRecord): void {
  if (value.kind === "record") for (const entry of value.entries) inTerm(walk, entry.value);
  else inTerm(walk, value);
}
