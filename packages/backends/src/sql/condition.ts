/** Conditions as predicates. Each node is made once, however often it is shared. */
import { strictness, type Condition, type Program, type Table } from "@wardline/core";
import { atomPredicate } from "./atom.ts";
import { both, constant, either, negate, type Predicate } from "./predicate.ts";
import type { Scope } from "./scope.ts";
import { UnsupportedInSql } from "./unsupported.ts";

/** A function from the index of a condition to its predicate. */
export function conditionCompiler(scope: Scope): (index: number) => Predicate {
  const { atoms, conditions } = scope.program;
  const made = new Map<number, Predicate>();
  const make = (index: number): Predicate => {
    const condition = conditions[index];
    if (condition === undefined) throw new RangeError(`no condition ${index}`);
    const predicate = predicateOf(condition);
    made.set(index, predicate);
    return predicate;
  };
  const at = (index: number) => made.get(index) ?? make(index);
  const predicateOf = (condition: Condition): Predicate => {
    switch (condition.kind) {
      case "constant":
        return constant(condition.value);
      case "atom": {
        const atom = atoms[condition.atom];
        if (atom === undefined) throw new RangeError(`no atom ${condition.atom}`);
        const predicate = atomPredicate(scope, atom);
        return condition.negated ? negate(predicate) : predicate;
      }
      case "and":
        return both(condition.of.map(at));
      case "or":
        return either(condition.of.map(at));
    }
  };
  return at;
}

/** The most atoms that the rules of one table may come to when shared conditions are written out. */
export const maxAtoms = 10_000;

/**
 * The most atoms that the masks of one table may come to: for each field and each step of the ladder that its masks have, the
 * rules are written out once more. With {@link maxAtoms} it keeps a statement within the parameters that the protocol has.
 */
export const maxMaskAtoms = 50_000;

/** How many atoms each condition comes to when it is written out. */
export function writtenAtoms(conditions: readonly Condition[]): readonly number[] {
  const sizes: number[] = [];
  const sizeOf = (condition: Condition): number => {
    switch (condition.kind) {
      case "constant":
        return 0;
      case "atom":
        return 1;
      case "and":
      case "or":
        return condition.of.reduce(
          (sum, child) => Math.min(sum + (sizes[child] ?? Infinity), maxAtoms + 1),
          0,
        );
    }
  };
  for (const condition of conditions) sizes.push(sizeOf(condition));
  return sizes;
}

const sizesOf = new WeakMap<readonly Condition[], readonly number[]>();

/** Conditions are shared in the program and written out in SQL: a small program could become an endless statement. */
export function checkTableSize(program: Program, table: Table): void {
  const sizes = sizesOf.get(program.conditions) ?? writtenAtoms(program.conditions);
  sizesOf.set(program.conditions, sizes);
  const sizeOf = (index: number) => sizes[index] ?? Infinity;
  for (const pass of table.passes) {
    const entries = [...pass.forbids, ...pass.grants, ...pass.requires].map((entry) => entry.when);
    const terms = [...pass.grants, ...pass.requires];
    const met = terms.flatMap((term) => (term.preconditions ?? []).map((p) => p.met));
    const total = [pass.ceiling, ...entries, ...met].reduce((sum, index) => sum + sizeOf(index), 0);
    if (total > maxAtoms)
      throw new UnsupportedInSql(
        `the rules for ${table.principal} to ${table.action} ${table.resource} come to more than ${maxAtoms} atoms`,
      );
    const named = terms.reduce(
      (sum, { when }) => sum + sizeOf(when),
      met.reduce((sum, m) => sum + sizeOf(m), 0),
    );
    if (named * stepsOf(terms) > maxMaskAtoms)
      throw new UnsupportedInSql(
        `the masks for ${table.principal} to ${table.action} ${table.resource} come to more than ${maxMaskAtoms} atoms`,
      );
  }
}

/** How many masks of fields the terms of a pass have, equal ones of one field counted once. */
function stepsOf(terms: readonly Pick<Table["passes"][number]["grants"][number], "effects">[]): number {
  const steps = new Set<string>();
  for (const { effects } of terms)
    for (const { field, mask } of effects) steps.add(`${strictness(mask)} ${field}`);
  return steps.size;
}
