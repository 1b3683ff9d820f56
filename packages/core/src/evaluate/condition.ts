import type { Condition } from "../ir/condition.ts";
import type { Program } from "../ir/program.ts";
import { atomHolds } from "./atom.ts";
import type { Facts } from "./facts.ts";

/** The value of a condition of the program. */
export function conditionHolds(program: Program, index: number, facts: Facts): boolean {
  const condition = program.conditions[index] as Condition;
  switch (condition.kind) {
    case "constant":
      return condition.value;
    case "atom": {
      const atom = program.atoms[condition.atom];
      if (atom === undefined) throw new RangeError(`no atom ${condition.atom}`);
      return atomHolds(program, atom, facts) !== condition.negated;
    }
    case "and":
      return condition.of.every((child) => conditionHolds(program, child, facts));
    case "or":
      return condition.of.some((child) => conditionHolds(program, child, facts));
  }
}

/** Reads the values of conditions off the values of atoms; each condition is asked once. */
export function conditionsBy(
  program: Program,
  atom: (index: number) => boolean,
): (condition: number) => boolean {
  const known = new Map<number, boolean>();
  const holds = (index: number): boolean => {
    const seen = known.get(index);
    if (seen !== undefined) return seen;
    const value = valueOf(program.conditions[index] as Condition);
    known.set(index, value);
    return value;
  };
  const valueOf = (condition: Condition): boolean => {
    switch (condition.kind) {
      case "constant":
        return condition.value;
      case "atom":
        return atom(condition.atom) !== condition.negated;
      case "and":
        return condition.of.every(holds);
      case "or":
        return condition.of.some(holds);
    }
  };
  return holds;
}
