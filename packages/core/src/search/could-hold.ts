/**
 * Whether a goal could hold for any answers of its atoms, as if each answer were free but for presence. A no is certain:
 * no request meets the goal. A yes is not: no request may have such facts.
 */
import type { Condition } from "../ir/condition.ts";
import { slotsOfAtom } from "../ir/reads.ts";
import type { Goal } from "./goal.ts";
import { fallbackSlots } from "./moves.ts";
import { atomAt, type Space } from "./space.ts";

/** Atom by id; the home of the principal and the limits have numbers below zero. */
type Variable = number;
type Assignment = ReadonlyMap<Variable, boolean>;

/** Stands for the home of the principal. */
export const homeVariable: Variable = -1;
const spentVariable = (slot: number): Variable => -2 - slot;

/** How many branches are looked at before it is left open. */
const maxBranches = 400;

/** False if no answers meet the goal. `known`: answers that are settled. */
export function couldHold(space: Space, goal: Goal, known: Assignment = new Map()): boolean {
  const presence = presenceOf(space);
  let left = maxBranches;
  const search = (before: Assignment): boolean => {
    if (left === 0) return true;
    left -= 1;
    const settled = propagate(space, goal, before, presence);
    if (settled === null) return false;
    const { assigned, values } = settled;
    const open = openLiteral(space, goal, values);
    if (open === null) return true;
    return (
      search(new Map([...assigned, [open.variable, open.value]])) ||
      search(new Map([...assigned, [open.variable, !open.value]]))
    );
  };
  return search(known);
}

interface Literal {
  readonly variable: Variable;
  readonly value: boolean;
}

/** Atom → the atoms that say that what it reads is there. */
type Presence = ReadonlyMap<number, readonly number[]>;

const presences = new WeakMap<Space, Presence>();

function presenceOf(space: Space): Presence {
  const known = presences.get(space);
  if (known !== undefined) return known;
  const made = presenceIn(space);
  presences.set(space, made);
  return made;
}

function presenceIn(space: Space): Presence {
  const has = new Map<number, number>();
  for (const id of space.atoms) {
    const atom = atomAt(space, id);
    if (atom.kind === "has") has.set(atom.slot, id);
  }
  if (has.size === 0) return new Map();
  return new Map(
    space.atoms.map((id) => {
      const atom = atomAt(space, id);
      const filled = fallbackSlots(atom);
      const read = slotsOfAtom(atom).filter((slot) => !filled.has(slot));
      return [id, atom.kind === "has" ? [] : read.flatMap((slot) => has.get(slot) ?? [])];
    }),
  );
}

interface Values {
  /** Undefined while it is open. */
  readonly goal: (goal: Goal) => boolean | undefined;
  readonly condition: (index: number, holds: boolean) => boolean | undefined;
}

function valuesIn(space: Space, assigned: Assignment): Values {
  const conditions = new Map<number, boolean | undefined>();
  const goals = new Map<Goal, boolean | undefined>();
  const literal = (variable: Variable, holds: boolean) => {
    const value = assigned.get(variable);
    return value === undefined ? undefined : value === holds;
  };
  const join = <T>(parts: readonly T[], every: boolean, valueOf: (part: T) => boolean | undefined) => {
    let open = false;
    for (const part of parts) {
      const value = valueOf(part);
      if (value === undefined) open = true;
      else if (value !== every) return value;
    }
    return open ? undefined : every;
  };
  const condition = (index: number, holds: boolean): boolean | undefined => {
    const key = 2 * index + (holds ? 1 : 0);
    if (conditions.has(key)) return conditions.get(key);
    const value = valueOf(space.program.conditions[index] as Condition, holds);
    conditions.set(key, value);
    return value;
  };
  const valueOf = (of: Condition, holds: boolean): boolean | undefined => {
    switch (of.kind) {
      case "constant":
        return of.value === holds;
      case "atom":
        return literal(of.atom, holds !== of.negated);
      case "and":
      case "or":
        return join(of.of, (of.kind === "and") === holds, (child) => condition(child, holds));
    }
  };
  const goalValue = (goal: Goal): boolean | undefined => {
    switch (goal.kind) {
      case "constant":
        return goal.value;
      case "condition":
        return condition(goal.condition, goal.holds);
      case "atom":
        return literal(goal.atom, goal.holds);
      case "home":
        return literal(homeVariable, goal.holds);
      case "spent":
        return literal(spentVariable(goal.slot), goal.holds);
      case "and":
      case "or": {
        if (goals.has(goal)) return goals.get(goal);
        const value = join(goal.of, goal.kind === "and", goalValue);
        goals.set(goal, value);
        return value;
      }
    }
  };
  return { goal: goalValue, condition };
}

interface Settled {
  readonly assigned: Assignment;
  /** What these answers come to. */
  readonly values: Values;
}

/** What follows from the goal and the answers so far; null if they cannot be had together. */
function propagate(space: Space, goal: Goal, before: Assignment, presence: Presence): Settled | null {
  let assigned = before;
  for (;;) {
    const values = valuesIn(space, assigned);
    if (values.goal(goal) === false) return null;
    const more = new Map<Variable, boolean>();
    let isTorn = false;
    const demand = (variable: Variable, value: boolean) => {
      const other = more.get(variable) ?? assigned.get(variable);
      if (other !== undefined && other !== value) isTorn = true;
      else if (!assigned.has(variable)) more.set(variable, value);
    };
    collect(space, goal, values, demand);
    for (const [atom, value] of [...assigned, ...more])
      if (value) for (const has of presence.get(atom) ?? []) demand(has, true);
    if (isTorn) return null;
    if (more.size === 0) return { assigned, values };
    assigned = new Map([...assigned, ...more]);
  }
}

/** The answers that a goal needs whatever else it needs. */
function collect(
  space: Space,
  goal: Goal,
  values: Values,
  demand: (variable: Variable, value: boolean) => void,
): void {
  const only = <T>(parts: readonly T[], every: boolean, valueOf: (part: T) => boolean | undefined) => {
    if (every) return parts;
    const open = parts.filter((part) => valueOf(part) !== false);
    return open.length === 1 ? open : [];
  };
  const seen = new Set<number>();
  const fromCondition = (index: number, holds: boolean): void => {
    const key = 2 * index + (holds ? 1 : 0);
    if (seen.has(key) || values.condition(index, holds) === true) return;
    seen.add(key);
    const condition = space.program.conditions[index] as Condition;
    switch (condition.kind) {
      case "constant":
        return;
      case "atom":
        return demand(condition.atom, holds !== condition.negated);
      case "and":
      case "or":
        for (const child of only(condition.of, (condition.kind === "and") === holds, (of) =>
          values.condition(of, holds),
        ))
          fromCondition(child, holds);
    }
  };
  const fromGoal = (of: Goal): void => {
    if (values.goal(of) === true) return;
    switch (of.kind) {
      case "constant":
        return;
      case "condition":
        return fromCondition(of.condition, of.holds);
      case "atom":
        return demand(of.atom, of.holds);
      case "home":
        return demand(homeVariable, of.holds);
      case "spent":
        return demand(spentVariable(of.slot), of.holds);
      case "and":
      case "or":
        for (const part of only(of.of, of.kind === "and", values.goal)) fromGoal(part);
    }
  };
  fromGoal(goal);
}

/** An answer that would help the goal and is still open; null where the goal needs none. */
function openLiteral(space: Space, goal: Goal, values: Values): Literal | null {
  const inCondition = (index: number, holds: boolean): Literal | null => {
    const condition = space.program.conditions[index] as Condition;
    switch (condition.kind) {
      case "constant":
        return null;
      case "atom":
        return { variable: condition.atom, value: holds !== condition.negated };
      case "and":
      case "or": {
        const open = condition.of.find((child) => values.condition(child, holds) === undefined);
        return open === undefined ? null : inCondition(open, holds);
      }
    }
  };
  if (values.goal(goal) === true) return null;
  switch (goal.kind) {
    case "constant":
      return null;
    case "condition":
      return inCondition(goal.condition, goal.holds);
    case "atom":
      return { variable: goal.atom, value: goal.holds };
    case "home":
      return { variable: homeVariable, value: goal.holds };
    case "spent":
      return { variable: spentVariable(goal.slot), value: goal.holds };
    case "and":
    case "or": {
      const open = goal.of.find((part) => values.goal(part) === undefined);
      return open === undefined ? null : openLiteral(space, open, values);
    }
  }
}
