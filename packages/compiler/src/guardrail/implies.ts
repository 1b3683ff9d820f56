/** Whether conditions imply another, as far as their form shows it. It says yes only where that is certain. */
import type { Formula, Question } from "../check/formula.ts";
import { normalise, type NormalFormula } from "../lower/normal-form.ts";

/** True if whatever meets all of `narrow` certainly meets `wide`. */
export type Implies = (narrow: readonly Formula[], wide: Formula) => boolean;

/** Steps for the questions of one text together: what was not found by then is not certain. */
const mostSteps = 300_000;

export function newImplies(): Implies {
  const budget = { left: mostSteps };
  return (narrow, wide) => {
    const of = narrow.map(normalOf);
    const kind = "and" as const;
    return follows(of.length === 1 && of[0] !== undefined ? of[0] : { kind, of }, normalOf(wide), budget);
  };
}

const known = new WeakMap<Formula, NormalFormula>();

function normalOf(formula: Formula): NormalFormula {
  const normal = known.get(formula) ?? normalise(formula, false);
  known.set(formula, normal);
  return normal;
}

function follows(narrow: NormalFormula, wide: NormalFormula, budget: { left: number }): boolean {
  budget.left -= 1;
  if (budget.left < 0) return false;
  if (narrow.kind === "constant" && !narrow.value) return true;
  if (wide.kind === "constant") return wide.value;
  if (wide.kind === "and") return wide.of.every((part) => follows(narrow, part, budget));
  if (narrow.kind === "or") return narrow.of.every((part) => follows(part, wide, budget));
  if (wide.kind === "or" && wide.of.some((part) => follows(narrow, part, budget))) return true;
  if (narrow.kind === "and") return narrow.of.some((part) => follows(part, wide, budget));
  return narrow.kind === "ask" && wide.kind === "ask" && askFollows(narrow, wide);
}

type Asked = Extract<NormalFormula, { kind: "ask" }>;

function askFollows(narrow: Asked, wide: Asked): boolean {
  if (narrow.negated !== wide.negated) return false;
  const [a, b] = narrow.negated ? [wide.question, narrow.question] : [narrow.question, wide.question];
  return holdsWith(a, b);
}

/** True if the second question is met whenever the first one is. */
function holdsWith(a: Question, b: Question): boolean {
  if (a.kind === "role" && b.kind === "role") return a.roles.every((role) => b.roles.includes(role));
  return a === b || (a.kind === b.kind && JSON.stringify(a) === JSON.stringify(b));
}
