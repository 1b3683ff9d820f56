/** Negation normal form: negation at the questions alone, nested joins of one kind in one. */
import type { Formula, Question } from "../check/formula.ts";

export type NormalFormula =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "ask"; readonly question: Question; readonly negated: boolean }
  | { readonly kind: "and" | "or"; readonly of: readonly NormalFormula[] };

/** The formula, or its negation. Constants stand inside of nothing: a formula is built without them. */
export function normalise(formula: Formula, negated: boolean): NormalFormula {
  switch (formula.kind) {
    case "constant":
      return { kind: "constant", value: formula.value !== negated };
    case "ask":
      return { kind: "ask", question: formula.question, negated };
    case "not":
      return normalise(formula.of, !negated);
    case "and":
    case "or": {
      const kind = (formula.kind === "and") !== negated ? "and" : "or";
      const of = formula.of.flatMap((child) => {
        const normal = normalise(child, negated);
        return normal.kind === kind ? normal.of : [normal];
      });
      return { kind, of };
    }
  }
}
