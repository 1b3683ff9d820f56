/** The rules of the policy: each is the set of rows for which it matches the request's question. */
import type { Pass, Program, Rule, Table } from "@wardline/core";
import type { Conditions } from "./conditions.ts";
import type { Preconditions } from "./preconditions.ts";
import { comment, rule, setTerm, term } from "./text.ts";

/** How a question is named: `Member read Book`. */
export function questionOf(table: Table): string {
  return `${table.principal} ${table.action} ${table.resource}`;
}

export function nameRules(program: Program, unique: (wanted: string) => string): readonly string[] {
  return program.rules.map((r) => unique(`${r.layer}_${r.id.slice(r.id.indexOf("/") + 1)}`));
}

/** A place where a rule stands: in a pass of a table. */
interface Occurrence {
  readonly question: string;
  readonly row: Pass["row"];
  readonly when: number;
}

/**
 * The rule with its comment, and the preconditions of it that are not met. It is defined also where it never matches, so
 * that all can be asked of it.
 */
export function defineRule(
  program: Program,
  index: number,
  name: string,
  conditions: Conditions,
  preconditions: Preconditions,
): readonly string[] {
  const policyRule = program.rules[index] as Rule;
  const occurrences = occurrencesOf(program, (pass) =>
    [...pass.forbids, ...pass.grants, ...pass.requires].filter((e) => e.rule === index).map((e) => e.when),
  );
  const bodies = membersOf(name, occurrences, conditions);
  const [first = `${name} := set()`, ...rest] = bodies;
  return [
    `${ruleComment(policyRule)}\n${first}`,
    ...rest,
    ...defineUnmet(program, index, conditions, preconditions),
  ];
}

/** The rows for which some ceiling holds. */
export function defineCeiling(program: Program, conditions: Conditions): readonly string[] {
  const ceilings = program.rules.filter((r) => r.kind === "ceiling").map(ruleComment);
  const bodies = membersOf(
    "ceiling",
    occurrencesOf(program, (pass) => [pass.ceiling]),
    conditions,
  );
  const [first = "ceiling := set()", ...rest] = bodies;
  return [[...ceilings, "# The rows for which the platform allows grants at all", first].join("\n"), ...rest];
}

/** One body for all questions in which a precondition is not met in the same way. */
function defineUnmet(
  program: Program,
  index: number,
  conditions: Conditions,
  preconditions: Preconditions,
): readonly string[] {
  const id = (program.rules[index] as Rule).id;
  const questions = new Map<string, Set<string>>();
  for (const table of program.tables)
    table.passes.forEach((pass, passIndex) => {
      for (const entry of [...pass.grants, ...pass.requires])
        if (entry.rule === index)
          (entry.preconditions ?? []).forEach(({ obligation, met }, place) => {
            const against = conditions.lineAgainst(met);
            if (against === null) return;
            const what = preconditions.indexOf(obligation);
            const head = `unmet[${term(id)}] contains {"row": ${term(pass.row)}, "at": [${index}, ${passIndex}, ${place}], "what": ${what}}`;
            const key = JSON.stringify([comment(JSON.stringify(obligation)), head, against]);
            questions.set(key, (questions.get(key) ?? new Set()).add(questionOf(table)));
          });
    });
  return [...questions].map(([key, asked]) => {
    const [said, head, against] = JSON.parse(key) as [string, string, string];
    return `${said}\n${rule(head, [askedLine([...asked]), against])}`;
  });
}

function occurrencesOf(
  program: Program,
  conditionsOf: (pass: Pass) => readonly number[],
): readonly Occurrence[] {
  return program.tables.flatMap((table) =>
    table.passes.flatMap((pass) =>
      conditionsOf(pass).map((when) => ({ question: questionOf(table), row: pass.row, when })),
    ),
  );
}

/** One body for all questions that share a row and a condition. */
function membersOf(
  name: string,
  occurrences: readonly Occurrence[],
  conditions: Conditions,
): readonly string[] {
  const groups = Map.groupBy(occurrences, ({ row, when }) => `${row} ${when}`);
  return [...groups.values()].flatMap((group) => {
    const { row, when } = group[0] as Occurrence;
    const lines = conditions.linesFor(when);
    if (lines === null) return [];
    const questions = [...new Set(group.map((occurrence) => occurrence.question))];
    return [rule(`${name} contains ${term(row)}`, [askedLine(questions), ...lines])];
  });
}

function askedLine(questions: readonly string[]): string {
  const [only] = questions;
  return questions.length === 1 ? `question == ${term(only)}` : `question in ${setTerm(questions)}`;
}

function ruleComment(policyRule: Rule): string {
  const { kind, id, file, line, doc, because } = policyRule;
  const parts = [`${kind} ${id} (${file}:${line})`, doc, because === null ? null : `because: ${because}`];
  return comment(parts.filter((part) => part !== null).join("\n"));
}

/** By the id of each rule that questions ask: the rows for which it matches, its kind, and whose it is. */
export function listRules(program: Program, names: readonly string[]): readonly string[] {
  const asked = program.rules.flatMap((r, i) =>
    r.kind === "ceiling" ? [] : [{ r, name: names[i] as string }],
  );
  if (asked.length === 0) return ["matched := {}", "kinds := {}", "layers := {}"];
  return asked.flatMap(({ r, name }) => [
    `matched[${term(r.id)}] := ${name}`,
    `kinds[${term(r.id)}] := ${term(r.kind)}`,
    `layers[${term(r.id)}] := ${term(r.layer)}`,
  ]);
}
