/** Conditions as sets of what must hold together, to see by their form alone that one implies another. */
import type { Formula } from "../check/formula.ts";
import { normalise, type NormalFormula } from "../lower/normal-form.ts";

const known = new WeakMap<Formula, ReadonlySet<string> | null>();

/** One text for each part of a conjunction; equal parts have equal texts. Null for a condition that never holds. */
export function conjuncts(formula: Formula): ReadonlySet<string> | null {
  const before = known.get(formula);
  if (before !== undefined) return before;
  const made = partsOf(formula);
  known.set(formula, made);
  return made;
}

function partsOf(formula: Formula): ReadonlySet<string> | null {
  const normal = normalise(formula, false);
  if (normal.kind === "constant") return normal.value ? new Set() : null;
  return new Set(normal.kind === "and" ? normal.of.map(keyOf) : [keyOf(normal)]);
}

/** The same whatever the order of the parts, and however often one stands there. */
function keyOf(formula: NormalFormula): string {
  switch (formula.kind) {
    case "constant":
      return String(formula.value);
    case "ask":
      return `${formula.negated ? "not " : ""}${JSON.stringify(formula.question)}`;
    case "and":
    case "or":
      return `${formula.kind}(${[...new Set(formula.of.map(keyOf))].toSorted().join(",")})`;
  }
}

/** True if whatever meets all of `narrow` meets all of `wide`. */
export function isNarrower(narrow: ReadonlySet<string>, wide: ReadonlySet<string>): boolean {
  return [...wide].every((part) => narrow.has(part));
}
