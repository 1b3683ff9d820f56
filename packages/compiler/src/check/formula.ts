/**
 * What a condition means for one kind of principal, action and row: facts by their place in the request, no names left.
 * Equal questions are built equal, whichever way round they were written.
 */
import type { CompareOp, ScalarType, SlotSource, Span, ValueType, WireScalar } from "@wardline/core";

export interface Fact {
  readonly source: SlotSource;
  readonly type: ValueType;
  readonly optional: boolean;
}

/** The time of the request. */
export const nowFact: Fact = { source: { from: "now" }, type: { kind: "instant" }, optional: false };

export type Term =
  | { readonly kind: "fact"; readonly fact: Fact; readonly fallback: WireScalar | null }
  /** `now`, moved by `offset` microseconds (not zero). Stands in comparisons alone. */
  | { readonly kind: "now"; readonly offset: number }
  | { readonly kind: "constant"; readonly value: WireScalar; readonly type: ScalarType };

export type TextOp = "starts_with" | "ends_with" | "contains";

/** As the IR's atoms, with facts in place of slots. */
export type Question =
  | { readonly kind: "compare"; readonly op: CompareOp; readonly left: Term; readonly right: Term }
  | { readonly kind: "truth"; readonly of: Term }
  | {
      readonly kind: "one_of";
      readonly of: Term;
      readonly values: readonly WireScalar[];
      readonly type: ScalarType;
    }
  | { readonly kind: "contains"; readonly set: Fact; readonly of: Term; readonly type: ScalarType }
  | { readonly kind: "empty"; readonly set: Fact }
  | { readonly kind: "text"; readonly op: TextOp; readonly of: Term; readonly part: Term }
  | { readonly kind: "in_network"; readonly of: Term; readonly networks: readonly string[] }
  | { readonly kind: "has"; readonly fact: Fact }
  | { readonly kind: "role"; readonly roles: readonly string[] }
  | {
      readonly kind: "within";
      readonly entity: Term;
      readonly group: Term;
      readonly same: boolean;
      readonly ancestors: Fact | null;
    }
  | { readonly kind: "related"; readonly relation: Fact; readonly from: Term; readonly to: Term };

/** The place of the words that ask a question, and how they say it without a negation. */
export interface Words {
  readonly span: Span;
  /** Places of the text, and texts between them. */
  readonly parts: readonly (Span | string)[];
}

export type Formula =
  | { readonly kind: "constant"; readonly value: boolean }
  /** `words`: what asks it; null where no words do. Nothing that a condition means depends on them. */
  | { readonly kind: "ask"; readonly question: Question; readonly words: Words | null }
  | { readonly kind: "not"; readonly of: Formula }
  | { readonly kind: "and" | "or"; readonly of: readonly Formula[] };

export const always: Formula = { kind: "constant", value: true };
export const never: Formula = { kind: "constant", value: false };

export function ask(question: Question): Formula {
  return { kind: "ask", question, words: null };
}

export function not(of: Formula): Formula {
  if (of.kind === "constant") return { kind: "constant", value: !of.value };
  return of.kind === "not" ? of.of : { kind: "not", of };
}

export function all(of: readonly Formula[]): Formula {
  return join("and", of);
}

export function any(of: readonly Formula[]): Formula {
  return join("or", of);
}

/** `true` absorbs an or, `false` an and; each is nothing in the other. */
function join(kind: "and" | "or", of: readonly Formula[]): Formula {
  const absorbing = kind === "or";
  if (of.some((f) => f.kind === "constant" && f.value === absorbing)) return absorbing ? always : never;
  const rest = of.filter((f) => f.kind !== "constant");
  const [only] = rest;
  if (only === undefined) return absorbing ? never : always;
  return rest.length === 1 ? only : { kind, of: rest };
}

const flipped: { readonly [Op in CompareOp]: CompareOp } = {
  eq: "eq",
  lt: "gt",
  le: "ge",
  gt: "lt",
  ge: "le",
};

/** A comparison; the constant comes last, and of two facts the one that sorts first comes first. */
export function compare(op: CompareOp, left: Term, right: Term): Formula {
  const turn =
    left.kind === "constant" || (right.kind !== "constant" && JSON.stringify(right) < JSON.stringify(left));
  const [a, b, by] = turn ? [right, left, flipped[op]] : [left, right, op];
  if (by === "eq" && b.kind === "constant" && b.value === true) return ask({ kind: "truth", of: a });
  return ask({ kind: "compare", op: by, left: a, right: b });
}

const asked = new WeakMap<Formula, readonly Question[]>();

/** All questions of a formula, each as often as it stands there. They are kept with the formula, which is never changed in place. */
export function questionsOf(formula: Formula): readonly Question[] {
  let questions = asked.get(formula);
  if (questions === undefined) asked.set(formula, (questions = collected(formula, [])));
  return questions;
}

function collected(formula: Formula, into: Question[]): Question[] {
  if (formula.kind === "ask") into.push(formula.question);
  else if (formula.kind === "not") collected(formula.of, into);
  else if (formula.kind !== "constant") for (const part of formula.of) collected(part, into);
  return into;
}

/** The facts that a question reads, but for the roles of the principal. */
export function factsOf(question: Question): readonly Fact[] {
  switch (question.kind) {
    case "compare":
      return [...factsIn(question.left), ...factsIn(question.right)];
    case "truth":
    case "one_of":
    case "in_network":
      return factsIn(question.of);
    case "text":
      return [...factsIn(question.of), ...factsIn(question.part)];
    case "contains":
      return [question.set, ...factsIn(question.of)];
    case "empty":
      return [question.set];
    case "has":
      return [question.fact];
    case "role":
      return [];
    case "within":
      return [
        ...factsIn(question.entity),
        ...factsIn(question.group),
        ...(question.ancestors === null ? [] : [question.ancestors]),
      ];
    case "related":
      return [question.relation, ...factsIn(question.from), ...factsIn(question.to)];
  }
}

function factsIn(term: Term): readonly Fact[] {
  switch (term.kind) {
    case "constant":
      return [];
    case "now":
      return [nowFact];
    case "fact":
      return [term.fact];
  }
}
