/** What the text of one tenant may hold, and its rules may ask per action and type. */
import { finding } from "../diagnostics/table.ts";
import { factsOf, questionsOf, type Formula, type Question } from "./formula.ts";
import type { Report } from "./report.ts";
import type { Case, CheckedRule } from "./rule.ts";

/** Statements of one text. */
export const maxStatements = 500;
export const maxAtoms = 64;
export const maxExists = 24;

interface Tally {
  readonly action: string;
  readonly entity: string;
  readonly questions: Map<string, Question>;
}

/** Counts distinct questions of the tenant's rules, and those among them that look into another table. */
export function checkLimits(report: Report, rules: readonly CheckedRule[]): void {
  const crowded = crowdedOf(rules);
  if (crowded.size === 0) return;
  const tallies = new Map<string, Tally>();
  const asked = new Map<Formula, ReadonlyMap<string, Question>>();
  const askedBy = (formula: Formula): ReadonlyMap<string, Question> => {
    const questions =
      asked.get(formula) ?? new Map(questionsOf(formula).map((q) => [JSON.stringify(q), q] as const));
    asked.set(formula, questions);
    return questions;
  };
  for (const { rule, cases, statement } of rules) {
    if (rule.layer !== "tenant") continue;
    for (const c of cases) {
      const key = keyOf(c);
      if (!crowded.has(key)) continue;
      const tally = tallies.get(key) ?? { action: c.action, entity: c.entity, questions: new Map() };
      tallies.set(key, tally);
      const before = tally.questions.size;
      for (const formula of formulasOf(c))
        for (const [text, question] of askedBy(formula)) tally.questions.set(text, question);
      if (tally.questions.size === before) continue;
      const { action, entity: type } = c;
      if (tally.questions.size > maxAtoms) {
        const count = String(tally.questions.size);
        report.add(
          finding("limit/atoms", statement.name.span, {
            action: `\`${action}\``,
            type,
            count,
            limit: String(maxAtoms),
          }),
        );
        return;
      }
      const exists = [...tally.questions.values()].filter((q) => looksElsewhere(q)).length;
      if (exists > maxExists) {
        report.add(
          finding("limit/exists", statement.name.span, {
            action: `\`${action}\``,
            type,
            count: String(exists),
            limit: String(maxExists),
          }),
        );
        return;
      }
    }
  }
}

const keyOf = (c: Case) => `${c.principal} ${c.action} ${c.entity} ${c.row}`;

const formulasOf = (c: Case) => [c.when, ...c.preconditions.map((p) => p.met)];

/** Where the tenant's rules ask so often that a limit may be passed, whatever of it they ask twice. */
function crowdedOf(rules: readonly CheckedRule[]): ReadonlySet<string> {
  const counts = new Map<Formula, number>();
  const countOf = (formula: Formula): number => {
    let count = counts.get(formula);
    if (count === undefined) counts.set(formula, (count = questionsOf(formula).length));
    return count;
  };
  const asked = new Map<string, number>();
  for (const { rule, cases } of rules)
    if (rule.layer === "tenant")
      for (const c of cases) {
        const key = keyOf(c);
        asked.set(
          key,
          formulasOf(c).reduce((sum, of) => sum + countOf(of), asked.get(key) ?? 0),
        );
      }
  const least = Math.min(maxAtoms, maxExists);
  return new Set([...asked].flatMap(([key, count]) => (count > least ? [key] : [])));
}

/** True if a database answers the question from another table than the row's. */
function looksElsewhere(question: Question): boolean {
  if (question.kind === "related") return true;
  return factsOf(question).some(({ type, source }) => {
    if (source.from === "row_attribute") return type.kind === "set";
    return (source.from === "ancestors" || source.from === "reference") && source.of.root !== "principal";
  });
}
