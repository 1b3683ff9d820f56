/** What is called unsatisfiable is so: no assignment of the facts meets it. Over one fact the reverse holds as well. */
import fc from "fast-check";
import type { CompareOp, ScalarType, WireScalar } from "@wardline/core";
import { expect, test } from "vitest";
import {
  all,
  any,
  ask,
  compare,
  not,
  type Fact,
  type Formula,
  type Question,
  type Term,
} from "../../src/check/formula.ts";
import { satisfiable } from "../../src/lint/satisfiable.ts";

type Values = ReadonlyMap<string, WireScalar>;

const domains = {
  number: [0, 1, 2, 3, 4],
  flag: [true, false],
  shelf: ["open", "closed", "rare"],
  price: ["0.00", "0.01", "0.02", "1.00"],
} as const satisfies Record<string, readonly WireScalar[]>;
type Name = keyof typeof domains;
const names = Object.keys(domains) as Name[];

const types: { readonly [N in Name]: ScalarType } = {
  number: { kind: "int", min: 0, max: 4 },
  flag: { kind: "bool" },
  shelf: { kind: "enum", name: "Shelf", values: domains.shelf },
  price: { kind: "decimal", precision: 4, scale: 2 },
};

const factOf = (name: Name, optional: boolean): Fact => ({
  source: { from: "context", name },
  type: types[name],
  optional,
});

const formulas = (optional: boolean, of: readonly Name[]) => {
  const literal = fc.constantFrom(...of).chain((name) => {
    const fact = factOf(name, optional);
    const term: Term = { kind: "fact", fact, fallback: null };
    const type = types[name];
    const value = fc.constantFrom<WireScalar>(...domains[name]);
    const ops: readonly CompareOp[] =
      name === "number" || name === "price" ? ["eq", "lt", "le", "gt", "ge"] : ["eq"];
    return fc.oneof(
      fc
        .record({ op: fc.constantFrom(...ops), value })
        .map(({ op, value }) => compare(op, term, { kind: "constant", value, type })),
      fc
        .array(value, { minLength: 2, maxLength: 3 })
        .map((values) => ask({ kind: "one_of", of: term, values, type })),
      fc.constant(ask({ kind: "has", fact })),
    );
  });
  const one = fc.tuple(literal, fc.boolean()).map(([formula, negated]) => (negated ? not(formula) : formula));
  return fc.array(
    fc.oneof(
      one,
      fc.array(one, { minLength: 2, maxLength: 2 }).map(all),
      fc.array(one, { minLength: 2, maxLength: 2 }).map((two) => not(any(two))),
    ),
    { minLength: 1, maxLength: 4 },
  );
};

function meets(formula: Formula, values: Values): boolean {
  switch (formula.kind) {
    case "constant":
      return formula.value;
    case "not":
      return !meets(formula.of, values);
    case "and":
      return formula.of.every((one) => meets(one, values));
    case "or":
      return formula.of.some((one) => meets(one, values));
    case "ask":
      return answers(formula.question, values);
  }
}

/** An atom over an absent fact is false. */
function answers(question: Question, values: Values): boolean {
  const fact = question.kind === "has" ? question.fact : termOf(question);
  const value = values.get((fact.source as { readonly name: string }).name);
  if (value === undefined) return false;
  if (question.kind === "has") return true;
  if (question.kind === "truth") return value === true;
  if (question.kind === "one_of") return question.values.includes(value);
  if (question.kind !== "compare" || question.right.kind !== "constant") throw new Error(question.kind);
  const [a, b] = [Number(value), Number(question.right.value)];
  switch (question.op) {
    case "eq":
      return value === question.right.value;
    case "lt":
      return a < b;
    case "le":
      return a <= b;
    case "gt":
      return a > b;
    case "ge":
      return a >= b;
  }
}

function termOf(question: Question): Fact {
  const term = question.kind === "compare" ? question.left : "of" in question ? question.of : null;
  if (term?.kind !== "fact") throw new Error(`no fact in ${question.kind}`);
  return term.fact;
}

function* assignments(of: readonly Name[], optional: boolean): Generator<Values> {
  const [first, ...rest] = of;
  if (first === undefined) {
    yield new Map();
    return;
  }
  for (const others of assignments(rest, optional)) {
    if (optional) yield others;
    for (const value of domains[first]) yield new Map([...others, [first, value]]);
  }
}

const meetable = (parts: readonly Formula[], of: readonly Name[], optional: boolean) =>
  [...assignments(of, optional)].some((values) => parts.every((part) => meets(part, values)));

test.each([false, true])("what never holds is met by no facts; optional: %s", (optional) => {
  let never = 0;
  fc.assert(
    fc.property(formulas(optional, names), (parts) => {
      if (satisfiable(parts)) return;
      never += 1;
      expect(meetable(parts, names, optional)).toBe(false);
    }),
    { numRuns: 3000 },
  );
  expect(never).toBeGreaterThan(100);
});

// Not over numbers: the values of the test end where those of the type do not.
test.each(["flag", "shelf"] as const)("over %s alone nothing that never holds is missed", (name) => {
  for (const optional of [false, true])
    fc.assert(
      fc.property(formulas(optional, [name]), (parts) => {
        expect(satisfiable(parts)).toBe(meetable(parts, [name], optional));
      }),
      { numRuns: 1000 },
    );
});
