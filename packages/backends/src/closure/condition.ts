/** Conditions as closures, each composed when it is first used. What can be reached by two ways is asked once a decision. */
import type { Atom, Condition, Program } from "@wardline/core";
import { countUses, type Uses } from "./count-uses.ts";
import { once, type Test } from "./state.ts";

export interface Conditions {
  /** The test of a condition, by its index. Throws a RangeError where there is none. */
  readonly testOf: (condition: number) => Test;
  /** The conditions that together are a condition: those that an `and`, and what it holds, joins. */
  readonly partsOf: (condition: number) => readonly number[];
  /** The test of all of some conditions; null of none, which always holds. */
  readonly allOf: (conditions: readonly number[]) => Test | null;
  /** How many nodes `truths` needs for all tests. */
  readonly nodes: number;
}

export function compileConditions(
  program: Program,
  compileAtom: (atom: Atom) => Test,
  uses: Uses = countUses(program),
): Conditions {
  const { atoms, conditions } = program;
  // Filled, so that no place is ever looked up in a prototype.
  const asked: (Test | undefined)[] = atoms.map(() => undefined);
  const tests: (Test | undefined)[] = conditions.map(() => undefined);

  const atomTest = (index: number): Test => {
    const atom = atoms[index];
    if (atom === undefined) throw new RangeError(`no atom ${index}`);
    const known = asked[index];
    if (known !== undefined) return known;
    const test = compileAtom(atom);
    return (asked[index] = (uses.atoms[index] as number) > 1 ? once(test, index) : test);
  };
  const childTest = (parent: number, child: number): Test => {
    // Invariant: conditions form a DAG whose children stand first; a missing one must not count as true or false.
    if (child >= parent) throw new RangeError(`no condition ${child} stands before its use`);
    return testOf(child);
  };
  const testOf = (index: number): Test => {
    const condition = conditions[index];
    if (condition === undefined) throw new RangeError(`no condition ${index}`);
    const known = tests[index];
    if (known !== undefined) return known;
    const isInner = condition.kind === "and" || condition.kind === "or";
    const test = compileCondition(condition, atomTest, (child) => childTest(index, child));
    const isShared = isInner && (uses.conditions[index] as number) > 1;
    return (tests[index] = isShared ? once(test, atoms.length + index) : test);
  };
  const partsOf = (index: number): readonly number[] => {
    if (conditions[index]?.kind !== "and") return [index];
    const parts = new Set<number>();
    const seen = new Set<number>();
    const open = [index];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const condition = conditions[at];
      if (condition?.kind === "and") for (const child of condition.of) open.push(before(at, child));
      else parts.add(at);
    }
    return [...parts].toSorted((a, b) => a - b);
  };
  return {
    testOf,
    partsOf,
    allOf: (of) => (of.length === 0 ? null : of.length === 1 ? testOf(of[0] as number) : all(of.map(testOf))),
    nodes: atoms.length + conditions.length,
  };
}

function before(parent: number, child: number): number {
  if (child >= parent) throw new RangeError(`no condition ${child} stands before its use`);
  return child;
}

function compileCondition(
  condition: Condition,
  atomTest: (index: number) => Test,
  childTest: (index: number) => Test,
): Test {
  switch (condition.kind) {
    case "constant":
      return condition.value ? always : never;
    case "atom": {
      const atom = atomTest(condition.atom);
      return condition.negated ? (state) => !atom(state) : atom;
    }
    case "and":
      return all(condition.of.map(childTest));
    case "or":
      return some(condition.of.map(childTest));
  }
}

const always: Test = () => true;
const never: Test = () => false;

function all(tests: readonly Test[]): Test {
  const [a, b, c] = tests;
  if (a !== undefined && b !== undefined && tests.length === 2) return (state) => a(state) && b(state);
  if (a !== undefined && b !== undefined && c !== undefined && tests.length === 3)
    return (state) => a(state) && b(state) && c(state);
  return (state) => {
    for (const test of tests) if (!test(state)) return false;
    return true;
  };
}

function some(tests: readonly Test[]): Test {
  const [a, b, c] = tests;
  if (a !== undefined && b !== undefined && tests.length === 2) return (state) => a(state) || b(state);
  if (a !== undefined && b !== undefined && c !== undefined && tests.length === 3)
    return (state) => a(state) || b(state) || c(state);
  return (state) => {
    for (const test of tests) if (test(state)) return true;
    return false;
  };
}
