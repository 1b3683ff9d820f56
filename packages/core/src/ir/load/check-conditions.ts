/** Checks of the condition graph: children stand before their parents, so that there is no cycle, and not too deep. */
import type { Condition } from "../condition.ts";
import type { Program } from "../program.ts";
import { childrenOf } from "../reads.ts";
import { checkUnique } from "./check-model.ts";
import { refuse, under, type Place } from "../../value/decode.ts";

/** The deepest nesting of conditions that a program may have: every backend recurses over it. */
export const maxConditionDepth = 1000;

export function checkConditions(program: Program, at: Place): void {
  const depths: number[] = [];
  program.conditions.forEach((condition, i) => {
    const here = under(at, i);
    const depth = 1 + childrenOf(condition).reduce((most, child) => Math.max(most, depths[child] ?? 0), 0);
    checkCondition(program, condition, i, here);
    if (depth > maxConditionDepth) refuse(here, `nests deeper than ${maxConditionDepth}`);
    depths.push(depth);
  });
}

function checkCondition(program: Program, condition: Condition, own: number, at: Place): void {
  switch (condition.kind) {
    case "constant":
      return;
    case "atom":
      if (program.atoms[condition.atom] === undefined)
        refuse(under(at, "atom"), `there is no atom ${condition.atom}`);
      return;
    case "and":
    case "or":
      if (condition.of.length < 2) refuse(under(at, "of"), "must have two or more children");
      checkUnique(condition.of, under(at, "of"));
      condition.of.forEach((child, i) => {
        if (child >= own) refuse(under(at, "of", i), "a child must stand before its parent");
      });
      return;
  }
}
