/** Conditions as closures, each composed once of its children's. What can be reached by two ways is asked once a decision. */
import type { Atom, Condition, Program } from "@wardline/core";
import { once, type Test } from "./state.ts";

/** One test for every condition. Truths take one node for every atom, then one for every condition. */
export function compileConditions(
  program: Program,
  compileAtom: (program: Program, atom: Atom) => Test,
): readonly Test[] {
  const { atoms, conditions } = program;
  const uses = countUses(program);
  const asked = atoms.map((atom, i) => shared(compileAtom(program, atom), i, uses.atoms[i] as number));
  const tests: Test[] = [];
  conditions.forEach((condition, i) => {
    const test = compileCondition(condition, asked, tests);
    tests.push(isInner(condition) ? shared(test, atoms.length + i, uses.conditions[i] as number) : test);
  });
  return tests;
}

/** How many nodes `truths` needs. */
export function countNodes(program: Program): number {
  return program.atoms.length + program.conditions.length;
}

function shared(test: Test, node: number, uses: number): Test {
  return uses > 1 ? once(test, node) : test;
}

function isInner(condition: Condition): boolean {
  return condition.kind === "and" || condition.kind === "or";
}

function compileCondition(condition: Condition, atoms: readonly Test[], before: readonly Test[]): Test {
  switch (condition.kind) {
    case "constant":
      return condition.value ? always : never;
    case "atom": {
      const atom = at(atoms, condition.atom);
      return condition.negated ? (state) => !atom(state) : atom;
    }
    case "and":
      return all(condition.of.map((child) => at(before, child)));
    case "or":
      return some(condition.of.map((child) => at(before, child)));
  }
}

const always: Test = () => true;
const never: Test = () => false;

function at(tests: readonly Test[], index: number): Test {
  const test = tests[index];
  // Invariant: conditions form a DAG whose children stand first; a missing one must not count as true or false.
  if (test === undefined) throw new RangeError(`no condition or atom ${index} stands before its use`);
  return test;
}

function all(tests: readonly Test[]): Test {
  const [a, b] = tests;
  if (a !== undefined && b !== undefined && tests.length === 2) return (state) => a(state) && b(state);
  return (state) => {
    for (const test of tests) if (!test(state)) return false;
    return true;
  };
}

function some(tests: readonly Test[]): Test {
  const [a, b] = tests;
  if (a !== undefined && b !== undefined && tests.length === 2) return (state) => a(state) || b(state);
  return (state) => {
    for (const test of tests) if (test(state)) return true;
    return false;
  };
}

/** How often each atom and condition is named by rules and by other conditions. */
function countUses(program: Program): {
  readonly atoms: readonly number[];
  readonly conditions: readonly number[];
} {
  const atoms = program.atoms.map(() => 0);
  const conditions = program.conditions.map(() => 0);
  const use = (index: number) => {
    conditions[index] = (conditions[index] ?? 0) + 1;
  };
  for (const condition of program.conditions)
    if (condition.kind === "and" || condition.kind === "or") condition.of.forEach(use);
  for (const pass of program.tables.flatMap((table) => table.passes)) {
    use(pass.ceiling);
    for (const entry of [...pass.forbids, ...pass.grants, ...pass.requires]) use(entry.when);
    for (const { met } of pass.requires.flatMap((require) => require.preconditions)) use(met);
  }
  program.conditions.forEach((condition, i) => {
    if (condition.kind === "atom")
      atoms[condition.atom] = (atoms[condition.atom] ?? 0) + (conditions[i] as number);
  });
  return { atoms, conditions };
}
