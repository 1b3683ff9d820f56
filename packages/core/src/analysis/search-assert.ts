/**
 * Looks for requests that break an assert. One that is found has been tried; that none is found proves nothing, and is
 * reported as a number of tries.
 */
import type { Decision } from "../decision/decision.ts";
import type { RequestDocument } from "../decision/request.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import { findTable, type Program, type Rule, type Table } from "../ir/program.ts";
import { boundaryDrafts, probesOf } from "../search/boundary-requests.ts";
import {
  all,
  any,
  condition,
  denyGoal,
  goalConditions,
  not,
  permitGoal,
  showGoal,
  type Goal,
} from "../search/goal.ts";
import { requestFrom } from "../search/request-from.ts";
import { searchSpace, walkerOf } from "../search/search-requests.ts";
import { simplify } from "../search/simplify.ts";
import { spaceOf } from "../search/space.ts";
import { assertViolated, type AssertCase, type LoweredAssert } from "./assert.ts";

export interface AssertSearchOptions {
  readonly seed: number;
  /** How many walks are made at most in each table that the assert reaches; 40 where it is left out. */
  readonly tries?: number;
  /** How many boundary requests are tried at most in each of them; 200 where it is left out. */
  readonly probes?: number;
}

export type AssertSearch =
  /** A request as ordinary as can be. `decision`: what the program says of it, against the assert. */
  | { readonly counterexample: RequestDocument; readonly decision: Decision; readonly tries: number }
  /** No counterexample in so many tries. */
  | { readonly counterexample: null; readonly tries: number };

/**
 * A request that breaks the assert, or how many were tried without one. `analysis`: the program that the assert was
 * lowered with. The same seed gives the same answer.
 */
export function searchAssert(
  analysis: Program,
  assert: LoweredAssert,
  { seed, tries = 40, probes = 200 }: AssertSearchOptions,
): AssertSearch {
  let tried = 0;
  for (const reached of assert.cases) {
    const table = findTable(analysis, reached.principal, reached.action, reached.resource);
    if (table === undefined) continue;
    const goal = counterexampleGoal(analysis, assert, reached, table);
    const walker = walkerOf(spaceOf(analysis, table, { conditions: goalConditions(goal) }));
    const breaking = (request: RequestDocument) => assertViolated(analysis, assert, request);
    const found = searchSpace(walker, goal, { seed, tries });
    tried += found.tries;
    const meant = [meantGoal(analysis, assert, reached)];
    const probing =
      probes === 0 ? [] : boundaryDrafts(walker, chain(meant, probesOf(analysis, table)), seed, probes);
    for (const [i, draft] of [...found.drafts, ...probing].entries()) {
      const request = requestFrom(walker.board.space, draft);
      if (i >= found.drafts.length) tried += 1;
      if (!breaking(request)) continue;
      const plain = simplify(walker, draft, (next) => breaking(requestFrom(walker.board.space, next)));
      const counterexample = requestFrom(walker.board.space, plain);
      return { counterexample, decision: evaluate(analysis, counterexample), tries: tried };
    }
  }
  return { counterexample: null, tries: tried };
}

function* chain(first: readonly Goal[], rest: Iterable<Goal>): Iterable<Goal> {
  yield* first;
  yield* rest;
}

/** What a request has to be to break the assert. It only guides the search: `assertViolated` decides. */
function counterexampleGoal(
  program: Program,
  assert: LoweredAssert,
  reached: AssertCase,
  table: Table,
): Goal {
  return all([meantGoal(program, assert, reached), breakingGoal(program, assert, table)]);
}

function breakingGoal(program: Program, { claim }: LoweredAssert, table: Table): Goal {
  switch (claim.kind) {
    case "never_permit":
      return not(denyGoal(program, table));
    case "always_permit":
      return not(permitGoal(program, table));
    case "never_show":
      return showGoal(program, table, claim.field);
  }
}

/** The assert speaks of the request, and no exception does. */
function meantGoal(program: Program, { claim }: LoweredAssert, reached: AssertCase): Goal {
  const holding = (conditions: readonly number[]) => conditions.map((index) => condition(program, index));
  const whens = holding(reached.passes.map((pass) => pass.when));
  const exceptions = reached.except.map(({ rule, passes }) => {
    const { kind } = program.rules[rule] as Rule;
    return kind === "forbid" || kind === "require" ? any(holding(passes)) : all(holding(passes));
  });
  return all([claim.kind === "always_permit" ? all(whens) : any(whens), ...exceptions.map(not)]);
}
