/** Adds a test for a rule: a question is searched that the rule decides, and kept as a test that was run and passed. */
import type { RequireStatement, RuleStatement, Statement } from "@wardline/compiler";
import { evaluate, type Finding, type Program, type RequestDocument, type Table } from "@wardline/core";
import { all, any, condition, denyGoal, permitGoal, searchRequests, type Goal } from "@wardline/core/search";
import { keepAsTest } from "../try/keep-as-test.ts";
import type { Action, ActionPlace } from "./action.ts";

export type AnyRule = RuleStatement | RequireStatement;

export function isRule(statement: Statement): statement is AnyRule {
  return "clauses" in statement && statement.kind !== "assert";
}

export function addTest(place: ActionPlace, finding?: Finding): readonly Action[] {
  const { snapshot, file } = place;
  const role = snapshot.roleOf(file);
  const at = finding?.labels[0].span.start;
  const statement =
    at === undefined
      ? place.statement
      : (snapshot.parsed(file)?.ast.statements.find(({ span }) => span.start <= at && at < span.end) ?? null);
  if (role?.kind !== "policy" || statement === null || !isRule(statement)) return [];
  const { tenant } = role;
  // Nothing is compiled of a text with errors, so no test could be tried.
  const isError = ({ severity, labels }: Finding) => severity === "error" && labels[0].span.file === file;
  if (snapshot.findings().some(isError)) return [];
  return [
    {
      title: `Add a test for \`${statement.name.text}\``,
      kind: finding === undefined ? "refactor.rewrite" : "quickfix",
      ...(finding === undefined ? {} : { finding }),
      edits: () => {
        const program = snapshot.compiled(tenant)?.program ?? null;
        if (program === null) return null;
        for (const request of requestsDecidedBy(program, `${tenant}/${statement.name.text}`)) {
          const kept = keepAsTest(snapshot, { tenant, requests: [request] });
          if (!("refused" in kept)) return kept.edits;
        }
        return null;
      },
    },
  ];
}

/** At most so many tables are searched: a rule over everything need not be looked at in all. */
const maxTables = 6;

/** Ordinary requests whose decision names the rule; the first that are found. */
export function requestsDecidedBy(program: Program, id: string): readonly RequestDocument[] {
  const index = program.rules.findIndex((rule) => rule.id === id);
  const kind = program.rules[index]?.kind;
  if (kind === undefined) return [];
  const found: RequestDocument[] = [];
  const tables = program.tables.filter((table) => whensOf(table, index).length > 0).slice(0, maxTables);
  for (const table of tables) {
    const applies = any(whensOf(table, index).map((when) => condition(program, when)));
    const goal = goalFor(program, table, kind, applies);
    const { requests } = searchRequests(
      program,
      { principal: table.principal, action: table.action, resource: table.resource, goal },
      { seed: 1, tries: 8, count: 3 },
    );
    found.push(...requests.filter((request) => isDecidedBy(program, request, id)));
    if (found.length >= 3) break;
  }
  return found;
}

function goalFor(
  program: Program,
  table: Table,
  kind: Program["rules"][number]["kind"],
  applies: Goal,
): Goal {
  switch (kind) {
    case "permit":
    case "floor":
    case "share":
    case "require":
      return all([applies, permitGoal(program, table)]);
    case "forbid":
      return all([applies, denyGoal(program, table)]);
    case "ceiling":
      return applies;
  }
}

function isDecidedBy(program: Program, request: RequestDocument, id: string): boolean {
  const kind = program.rules.find((rule) => rule.id === id)?.kind;
  // A require that is met decides with what it asks for; a ceiling never stands among the rules.
  return kind === "require" || kind === "ceiling" || evaluate(program, request).rules.includes(id);
}

function whensOf({ passes }: Table, rule: number): readonly number[] {
  return passes.flatMap((pass) =>
    [...pass.forbids, ...pass.grants, ...pass.requires, ...(pass.ceilings ?? [])].flatMap((entry) =>
      entry.rule === rule ? [entry.when] : [],
    ),
  );
}
