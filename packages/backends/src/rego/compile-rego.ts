/**
 * A program as Rego that people can read, formatted as `opa fmt` leaves it. Evaluated by a stock OPA it gives the same
 * decision document. No text of the program ever becomes code: it is quoted, or a comment, or part of a name.
 */
import type { Program } from "@wardline/core";
import { createAtoms } from "./atoms.ts";
import { createConditions } from "./conditions.ts";
import { createFacts } from "./facts.ts";
import { answerText } from "./frame/answer.ts";
import { challengeText } from "./frame/challenge.ts";
import { obligationsText } from "./frame/obligations.ts";
import { questionText } from "./frame/question.ts";
import { refusalText } from "./frame/refusal.ts";
import { rowsText } from "./frame/rows.ts";
import { createFunctions } from "./functions.ts";
import { defineLimits } from "./limits.ts";
import { createPreconditions } from "./preconditions.ts";
import { defineCeiling, defineRule, listRules, nameRules } from "./rules.ts";
import { defineTables } from "./tables.ts";
import { comment, createNames } from "./text.ts";

/** The text of the module `data.wardline`, with the rules `decision` and `allow`. Throws if the program is not one that loads. */
export function compileRego(program: Program): string {
  const unique = createNames();
  const functions = createFunctions();
  const facts = createFacts(program, functions, unique);
  const atoms = createAtoms(program, facts, functions, unique);
  const conditions = createConditions(program, atoms);
  const preconditions = createPreconditions(program);
  const names = nameRules(program, unique);
  const rules = program.rules.flatMap((r, i) =>
    r.kind === "ceiling" ? [] : defineRule(program, i, names[i] as string, conditions, preconditions),
  );
  const policy = [...rules, ...defineCeiling(program, conditions), ...listRules(program, names)];
  const asksFirst = rules.some((text) => /^unmet\[/m.test(text));
  const shared = conditions.definitions();
  const limits = defineLimits(program, facts);
  // Atoms ask for fallbacks, which are written with the facts; both ask for functions.
  const questions = atoms.definitions();
  const known = facts.definitions();
  const sections: readonly (readonly [title: string, rules: readonly string[]])[] = [
    ["The answer", [answerText(program.tenant)]],
    [
      "The rules of the policy: the rows for which each of them matches, and what of it is not met",
      [...policy, ...(asksFirst ? [] : ["unmet := {}"]), preconditions.definition],
    ],
    ["Conditions that stand in several places, or hold in several ways", shared],
    ["The questions that conditions are made of", questions],
    ["From the rules to the answer: what counts for each row", [rowsText]],
    ["What stands in the way", [...limits, refusalText]],
    ["What is asked for first", [challengeText]],
    ["What a permit obliges to", [obligationsText]],
    ["The request", [questionText, ...defineTables(program, facts)]],
    [
      "Its facts, each undefined where it is absent or not of its type",
      known.length === 0 ? ["accepted := {}"] : known,
    ],
    ["The forms of values", functions.definitions()],
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
    .filter(([, texts]) => texts.length > 0)
    .map(([title, texts]) => `# == ${title} ==\n\n${texts.join("\n\n")}`);
  return `${[head, ...body].join("\n\n")}\n`;
}
