/** Conditions as tests of one row: each is asked at most once a row, whichever ways lead to it. */
import type { Condition } from "@wardline/core";
import type { RowTest } from "./row-test.ts";

/** The row under test: its facts, the tests of the atoms, and what was found of it so far. */
export interface Asking {
  readonly row: unknown[];
  tests: readonly RowTest[];
  /** By condition: `turn` if it is false of this row, `turn + 1` if it is true. */
  readonly truths: Float64Array;
  turn: number;
}

export function createAsking(facts: number, conditions: number): Asking {
  return {
    row: Array.from({ length: facts }),
    tests: [],
    truths: new Float64Array(conditions),
    turn: 0,
  };
}

export type ConditionTest = (asking: Asking) => boolean;

export function compileConditionTests(conditions: readonly Condition[]): readonly ConditionTest[] {
  const tests: ConditionTest[] = [];
  const at = (index: number): ConditionTest => {
    const test = tests[index];
    // Invariant: children stand first; a missing one must not count as true or false.
    if (test === undefined) throw new RangeError(`no condition ${index} stands before its use`);
    return test;
  };
  for (const [index, condition] of conditions.entries()) tests.push(testOf(condition, index, at));
  return tests;
}

function testOf(condition: Condition, index: number, at: (index: number) => ConditionTest): ConditionTest {
  switch (condition.kind) {
    case "constant": {
      const { value } = condition;
      return () => value;
    }
    case "atom": {
      const { atom, negated } = condition;
      return ({ tests, row }) => (tests[atom] as RowTest)(row) !== negated;
    }
    case "and": {
      const of = condition.of.map(at);
      return once(index, (asking) => {
        for (const test of of) if (!test(asking)) return false;
        return true;
      });
    }
    case "or": {
      const of = condition.of.map(at);
      return once(index, (asking) => {
        for (const test of of) if (test(asking)) return true;
        return false;
      });
    }
  }
}

function once(index: number, test: ConditionTest): ConditionTest {
  return (asking) => {
    const { truths, turn } = asking;
    const known = truths[index];
    if (known === turn) return false;
    if (known === turn + 1) return true;
    const holds = test(asking);
    truths[index] = holds ? turn + 1 : turn;
    return holds;
  };
}
