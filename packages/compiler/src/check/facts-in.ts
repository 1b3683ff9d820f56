/** The facts that a condition reads. */
import { questionsOf, type Fact, type Formula, type Question, type Term } from "./formula.ts";

/** Each as often as it is read. Roles, and the time that is moved, are none of them. */
export function factsIn(formula: Formula): readonly Fact[] {
  return questionsOf(formula).flatMap(factsOf);
}

function factsOf(question: Question): readonly Fact[] {
  const of = (...terms: readonly Term[]) =>
    terms.flatMap((term) => (term.kind === "fact" ? [term.fact] : []));
  switch (question.kind) {
    case "compare":
      return of(question.left, question.right);
    case "truth":
    case "one_of":
    case "in_network":
      return of(question.of);
    case "text":
      return of(question.of, question.part);
    case "contains":
      return [question.set, ...of(question.of)];
    case "empty":
      return [question.set];
    case "has":
      return [question.fact];
    case "role":
      return [];
    case "within":
      return [
        ...of(question.entity, question.group),
        ...(question.ancestors === null ? [] : [question.ancestors]),
      ];
    case "related":
      return [question.relation, ...of(question.from, question.to)];
  }
}
