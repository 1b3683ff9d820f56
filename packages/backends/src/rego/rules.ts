/** The rules of the policy: each is the set of rows for which it matches the request's question. */
import type { Pass, Program, Rule, Table } from "@wardline/core";
import type { Conditions } from "./conditions.ts";
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

/** The rule with its comment. It is defined also where it never matches, so that all can be asked of it. */
export function defineRule(
  program: Program,
  index: number,
  name: string,
  conditions: Conditions,
): readonly string[] {
  const policyRule = program.rules[index] as Rule;
  const occurrences = occurrencesOf(program, (pass) =>
    [...pass.forbids, ...pass.grants, ...pass.requires].filter((e) => e.rule === index).map((e) => e.when),
  );
  const bodies = membersOf(name, occurrences, conditions);
  const [first = `${name} := set()`, ...rest] = bodies;
  return [`${ruleComment(policyRule)}\n${first}`, ...rest];
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

/** What a matching require still asks for, as [rule, pass, place, obligation]: sorted, that is the order of the answer. */
export function defineUnmet(
  program: Program,
  names: readonly string[],
  conditions: Conditions,
): readonly string[] {
  const bodies = program.tables.flatMap((table) =>
    table.passes.flatMap((pass, passIndex) =>
      pass.requires.flatMap((entry) =>
        entry.preconditions.flatMap(({ obligation, met }, place) => {
          const against = conditions.lineAgainst(met);
          if (against === null) return [];
          return [
            rule(`unmet contains ${term([entry.rule, passIndex, place, obligation])}`, [
              `question == ${term(questionOf(table))}`,
              `${term(pass.row)} in ${names[entry.rule] as string}`,
              against,
            ]),
          ];
        }),
      ),
    ),
  );
  return bodies.length === 0 ? ["unmet := set()"] : [...new Set(bodies)];
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
  const groups = new Map<string, Occurrence[]>();
  for (const occurrence of occurrences) {
    const key = `${occurrence.row} ${occurrence.when}`;
    groups.set(key, [...(groups.get(key) ?? []), occurrence]);
  }
  return [...groups.values()].flatMap((group) => {
    const { row, when } = group[0] as Occurrence;
    const lines = conditions.linesFor(when);
    if (lines === null) return [];
    const questions = [...new Set(group.map((occurrence) => occurrence.question))];
    const [only] = questions;
    const asked = questions.length === 1 ? `question == ${term(only)}` : `question in ${setTerm(questions)}`;
    return [rule(`${name} contains ${term(row)}`, [asked, ...lines])];
  });
}

function ruleComment(policyRule: Rule): string {
  const { kind, id, file, line, doc, because } = policyRule;
  const parts = [`${kind} ${id} (${file}:${line})`, doc, because === null ? null : `because: ${because}`];
  return comment(parts.filter((part) => part !== null).join("\n"));
}
