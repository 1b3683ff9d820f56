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
