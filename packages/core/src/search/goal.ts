/** What is looked for in a request: conditions of a program with the values that they shall have, and how they join. */
import type { Fact } from "../evaluate/facts.ts";
import type { GrantEntry, Pass, Program, RequireEntry, Rule, Table } from "../ir/program.ts";

export type Goal =
  | { readonly kind: "constant"; readonly value: boolean }
  /** A condition of the program, by index, holds or does not. */
  | { readonly kind: "condition"; readonly condition: number; readonly holds: boolean }
  /** An atom of the program, by index, holds or does not. */
  | { readonly kind: "atom"; readonly atom: number; readonly holds: boolean }
  /** The principal belongs to the tenant, or to another. */
  | { readonly kind: "home"; readonly holds: boolean }
  /** Nothing is left of a limit, or something is. `slot` holds what is left. */
  | { readonly kind: "spent"; readonly slot: number; readonly holds: boolean }
  | { readonly kind: "and" | "or"; readonly of: readonly Goal[] };

export const always: Goal = { kind: "constant", value: true };
export const never: Goal = { kind: "constant", value: false };

export function all(of: readonly Goal[]): Goal {
  return join("and", of);
}

export function any(of: readonly Goal[]): Goal {
  return join("or", of);
}

function join(kind: "and" | "or", of: readonly Goal[]): Goal {
  const absorbing = kind === "or";
  if (of.some((goal) => goal.kind === "constant" && goal.value === absorbing))
    return absorbing ? always : never;
  const rest = of.filter((goal) => goal.kind !== "constant");
  const [only] = rest;
  if (only === undefined) return absorbing ? never : always;
  return rest.length === 1 ? only : { kind, of: rest };
}

/** The goal that holds where this one does not. */
export function not(goal: Goal): Goal {
  switch (goal.kind) {
    case "constant":
      return { kind: "constant", value: !goal.value };
    case "condition":
    case "atom":
    case "home":
    case "spent":
      return { ...goal, holds: !goal.holds };
    case "and":
      return any(goal.of.map(not));
    case "or":
      return all(goal.of.map(not));
  }
}

/** A condition holds; `holds` false: it does not. */
export function condition(program: Program, index: number, holds = true): Goal {
  const found = program.conditions[index];
  if (found === undefined) throw new RangeError(`no condition ${index}`);
  if (found.kind === "constant") return { kind: "constant", value: found.value === holds };
  return { kind: "condition", condition: index, holds };
}

const home: Goal = { kind: "home", holds: true };

/** The request, proper and in scope, is permitted. It says what the oracle decides, as one formula. */
export function permitGoal(program: Program, table: Table): Goal {
  return all(table.passes.map((pass) => passGoal(program, pass, { met: true })));
}

/** The request, proper and in scope, is denied. */
export function denyGoal(program: Program, table: Table): Goal {
  return not(all(table.passes.map((pass) => passGoal(program, pass, { met: false }))));
}

/** The request, proper and in scope, is challenged. */
export function challengeGoal(program: Program, table: Table): Goal {
  return all([not(permitGoal(program, table)), not(denyGoal(program, table))]);
}

/** The request, proper and in scope, is permitted, and a field is shown as it is. */
export function showGoal(program: Program, table: Table, field: string): Goal {
  return all(table.passes.map((pass) => passGoal(program, pass, { met: true, shown: field })));
}

interface PassWish {
  /** Nothing is asked for any more. */
  readonly met: boolean;
  /** A field that is shown. */
  readonly shown?: string;
}

/** A pass does not deny. */
function passGoal(program: Program, pass: Pass, wish: PassWish): Goal {
  const is = (index: number, holds = true) => condition(program, index, holds);
  const ruleOf = (entry: { readonly rule: number }) => program.rules[entry.rule] as Rule;
  const ready = (entry: GrantEntry | RequireEntry): Goal =>
    all([
      ...(wish.met ? (entry.preconditions ?? []).map((precondition) => is(precondition.met)) : []),
      ...(entry.limit === undefined
        ? []
        : [{ kind: "spent", slot: entry.limit.left, holds: false } as const]),
      ...(entry.effects.some((e) => e.field === wish.shown && e.mask.kind !== "show") ? [never] : []),
    ]);
  const grantsOf = (kind: Rule["kind"]) =>
    any(
      pass.grants
        .filter((grant) => ruleOf(grant).kind === kind)
        .map((grant) => all([is(grant.when), ready(grant)])),
    );
  const unforbidden = (layer: Rule["layer"]) =>
    all(pass.forbids.filter((f) => ruleOf(f).layer === layer).map((f) => is(f.when, false)));
  const required = (layer: Rule["layer"]) =>
    all(
      pass.requires.filter((r) => ruleOf(r).layer === layer).map((r) => any([is(r.when, false), ready(r)])),
    );
  const floored = all([home, grantsOf("floor")]);
  const opened = all([
    is(pass.ceiling),
    unforbidden("tenant"),
    required("tenant"),
    any([all([home, grantsOf("permit")]), all([not(home), grantsOf("share")])]),
  ]);
  return all([unforbidden("platform"), required("platform"), any([floored, opened])]);
}

/** The conditions of the program that a goal names. */
export function goalConditions(goal: Goal): readonly number[] {
  switch (goal.kind) {
    case "condition":
      return [goal.condition];
    case "and":
    case "or":
      return goal.of.flatMap(goalConditions);
    case "constant":
    case "atom":
    case "home":
    case "spent":
      return [];
  }
}

/** What a goal is asked of. */
export interface GoalAnswers {
  readonly condition: (condition: number) => boolean;
  readonly atom: (atom: number) => boolean;
  readonly fact: (slot: number) => Fact;
  readonly home: boolean;
}

export function goalHolds(goal: Goal, answers: GoalAnswers): boolean {
  switch (goal.kind) {
    case "constant":
      return goal.value;
    case "condition":
      return answers.condition(goal.condition) === goal.holds;
    case "atom":
      return answers.atom(goal.atom) === goal.holds;
    case "home":
      return answers.home === goal.holds;
    case "spent":
      return (answers.fact(goal.slot) === 0) === goal.holds;
    case "and":
      return goal.of.every((part) => goalHolds(part, answers));
    case "or":
      return goal.of.some((part) => goalHolds(part, answers));
  }
}
