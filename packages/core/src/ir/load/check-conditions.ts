/** Checks of the condition graph: children stand before their parents, so that there is no cycle, and not too deep. */
import type { Condition } from "../condition.ts";
import type { Program } from "../program.ts";
import { slotsOfAtom } from "./check-atoms.ts";
import { checkUnique } from "./check-model.ts";
import { refuse, under, type Place } from "./decode.ts";

/** The deepest nesting of conditions that a program may have: every backend recurses over it. */
export const maxConditionDepth = 1000;

export function checkConditions(program: Program, at: Place): void {
  const depths: number[] = [];
  program.conditions.forEach((condition, i) => {
    const here = under(at, i);
    const depth = 1 + Math.max(0, ...childrenOf(condition).map((child) => depths[child] ?? 0));
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

export function childrenOf(condition: Condition): readonly number[] {
  switch (condition.kind) {
    case "constant":
    case "atom":
      return [];
    case "and":
    case "or":
      return condition.of;
  }
}

/** The slots that some of the conditions read, directly or through their children. */
export function slotsOfConditions(program: Program, conditions: readonly number[]): ReadonlySet<number> {
  const slots = new Set<number>();
  const seen = new Set<number>();
  const open = [...conditions];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const condition = program.conditions[index] as Condition;
    open.push(...childrenOf(condition));
    const atom = condition.kind === "atom" ? program.atoms[condition.atom] : undefined;
    if (atom !== undefined) for (const slot of slotsOfAtom(atom)) slots.add(slot);
  }
  return slots;
}
