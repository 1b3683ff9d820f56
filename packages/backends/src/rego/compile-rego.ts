/**
 * A program as Rego that people can read, formatted as `opa fmt` leaves it. Evaluated by a stock OPA it gives the same
 * decision document. No text of the program ever becomes code: it is quoted, or a comment, or part of a name.
 */
import { refuseBeyond } from "../beyond.ts";
import { lacks } from "./lacks.ts";
import type { Program, RuleKind } from "@wardline/core";
import { createAtoms } from "./atoms.ts";
import { createConditions } from "./conditions.ts";
import { createFacts } from "./facts.ts";
import { answerText, questionText } from "./frame.ts";
import { defineCeiling, defineRule, defineUnmet, nameRules } from "./rules.ts";
import { defineTables } from "./tables.ts";
import { comment, createNames, indent, term } from "./text.ts";
import { createGuards } from "./value-guard.ts";

/** The text of the module `data.wardline`, with the rules `decision` and `allow`. Throws if the program is not one that loads. */
export function compileRego(program: Program): string {
  refuseBeyond(program, lacks);
  const unique = createNames();
  const guards = createGuards();
  const facts = createFacts(program, guards, unique);
  const atoms = createAtoms(program, facts, unique);
  const conditions = createConditions(program, atoms);
  const names = nameRules(program, unique);
  const inTables = program.rules.flatMap((r, i) => (r.kind === "ceiling" ? [] : [i]));
  const policy = [
    ...inTables.flatMap((i) => defineRule(program, i, names[i] as string, conditions)),
    ...defineCeiling(program, conditions),
    ...defineUnmet(program, names, conditions),
  ];
  const shared = conditions.definitions();
  const questions = atoms.definitions();
  const known = facts.definitions();
  const sections: readonly (readonly [title: string, rules: readonly string[]])[] = [
    ["The answer", [answerText(program.tenant)]],
    [
      "The rules of the policy: the rows for which each of them matches",
      [...policy, ...listRules(program, names)],
    ],
    ["Conditions that stand in several places, or hold in several ways", shared],
    ["The questions that conditions are made of", questions],
    ["The request", [questionText, defineTables(program, facts)]],
    [
      "Its facts, each undefined where it is absent or not of its type",
      known.length === 0 ? ["accepted := set()"] : known,
    ],
    ["The forms of values", guards.definitions()],
  ];
  const head = [
    comment(
      `The policy of ${program.tenant} for ${program.model.name}. Made from its text, which governs; do not edit.`,
    ),
    "package wardline",
    "",
    "import rego.v1",
  ].join("\n");
  const body = sections
    .filter(([, rules]) => rules.length > 0)
    .map(([title, rules]) => `# == ${title} ==\n\n${rules.join("\n\n")}`);
  return `${[head, ...body].join("\n\n")}\n`;
}

/** The names of the rules in the order of the program, by kind, and the rows for which each matches. */
function listRules(program: Program, names: readonly string[]): readonly string[] {
  const ids = (kind: RuleKind) => program.rules.filter((r) => r.kind === kind).map((r) => r.id);
  const matched = program.rules.flatMap((r, i) =>
    r.kind === "ceiling" ? [] : [`${term(r.id)}: ${names[i] as string},`],
  );
  return [
    `rules := ${term(program.rules.map((r) => r.id))}`,
    `permits := ${term(ids("permit"))}`,
    `forbids := ${term(ids("forbid"))}`,
    `requires := ${term(ids("require"))}`,
    matched.length === 0 ? "matched := {}" : ["matched := {", ...matched.flatMap(indent), "}"].join("\n"),
  ];
}
