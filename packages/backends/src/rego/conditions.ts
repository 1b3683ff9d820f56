/** Conditions as lines of bodies. What is an `or`, or stands in more than one place, becomes a rule of its own. */
import type { Condition, Program } from "@wardline/core";
import type { Atoms } from "./atoms.ts";
import { truth } from "./text.ts";

export interface Conditions {
  /** The lines that hold exactly if the condition does; null if it never can. */
  readonly linesFor: (condition: number) => readonly string[] | null;
  /** One line that holds exactly if the condition does not; null if it always does. Never over something undefined. */
  readonly lineAgainst: (condition: number) => string | null;
  /** The rules that the lines given out so far refer to, in the order of the conditions. */
  readonly definitions: () => readonly string[];
}

export function createConditions(program: Program, atoms: Atoms): Conditions {
  const parents = countParents(program);
  const named = new Map<number, readonly (readonly string[])[]>();

  const nameOf = (index: number): string => {
    const name = `condition_${index}`;
    if (named.has(index)) return name;
    named.set(index, []);
    const condition = conditionAt(program, index);
    const bodies = condition.kind === "or" ? condition.of.map(linesFor) : [inline(condition)];
    named.set(
      index,
      bodies.filter((body) => body !== null),
    );
    return name;
  };

  const inline = (condition: Condition): readonly string[] | null => {
    switch (condition.kind) {
      case "constant":
        return condition.value ? [] : null;
      case "atom":
        return [`${condition.negated ? "not " : ""}${atoms.nameOf(condition.atom)}`];
      case "and": {
        const parts = condition.of.map(linesFor);
        return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
      }
      case "or":
        throw new TypeError("an or has no lines of its own");
    }
  };

  const linesFor = (index: number): readonly string[] | null => {
    const condition = conditionAt(program, index);
    const apart = condition.kind === "or" || (condition.kind === "and" && (parents[index] ?? 0) > 1);
    return apart ? [nameOf(index)] : inline(condition);
  };

  return {
    linesFor,
    lineAgainst: (index) => {
      const condition = conditionAt(program, index);
      switch (condition.kind) {
        case "constant":
          return condition.value ? null : "true";
        case "atom":
          return `${condition.negated ? "" : "not "}${atoms.nameOf(condition.atom)}`;
        case "and":
        case "or":
          return `not ${nameOf(index)}`;
      }
    },
    definitions: () =>
      [...named]
        .toSorted(([a], [b]) => a - b)
        .flatMap(([index, bodies]) => truth(`condition_${index}`, bodies)),
  };
}

function conditionAt(program: Program, index: number): Condition {
  const condition = program.conditions[index];
  if (condition === undefined) throw new RangeError(`no condition ${index}`);
  return condition;
}

/** How many conditions each condition is part of. Rules that share one write it out each for itself. */
function countParents(program: Program): readonly number[] {
  const parents = program.conditions.map(() => 0);
  for (const condition of program.conditions)
    if (condition.kind === "and" || condition.kind === "or")
      for (const child of condition.of) parents[child] = (parents[child] ?? 0) + 1;
  return parents;
}
