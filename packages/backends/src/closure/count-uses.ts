/**
 * How often one decision can ask each atom and condition: 0, 1, or 2 for more. What several tables name, each once, is asked
 * once, since a decision is of one table.
 */
import type { Condition, Program, Table } from "@wardline/core";

export interface Uses {
  readonly atoms: Uint8Array;
  readonly conditions: Uint8Array;
}

export function countUses(program: Program): Uses {
  const most = noUses(program);
  const here = noUses(program);
  const touched: number[] = [];
  for (const table of program.tables) {
    for (const start of startsOf(table)) visit(program.conditions, start, here, touched);
    for (const index of touched) raise(most.conditions, here.conditions, index);
    for (const index of touched) {
      here.conditions[index] = 0;
      const condition = program.conditions[index] as Condition;
      if (condition.kind !== "atom") continue;
      raise(most.atoms, here.atoms, condition.atom);
      here.atoms[condition.atom] = 0;
    }
    touched.length = 0;
  }
  return most;
}

function noUses({ atoms, conditions }: Program): Uses {
  return { atoms: new Uint8Array(atoms.length), conditions: new Uint8Array(conditions.length) };
}

function raise(most: Uint8Array, here: Uint8Array, index: number): void {
  if ((here[index] ?? 0) > (most[index] ?? 0)) most[index] = here[index] as number;
}

/** Counts a condition and those below it; a second time too, since the parts of an `and` are asked wherever it stands. */
function visit(conditions: readonly Condition[], start: number, here: Uses, touched: number[]): void {
  const open = [start];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const seen = here.conditions[index];
    if (seen === undefined || seen === 2) continue;
    here.conditions[index] = seen + 1;
    touched.push(index);
    const condition = conditions[index] as Condition;
    if (condition.kind === "atom") {
      const asked = here.atoms[condition.atom] ?? 0;
      if (asked < 2) here.atoms[condition.atom] = asked + 1;
    } else if (condition.kind === "and" || (condition.kind === "or" && seen === 0))
      for (const child of condition.of) open.push(child);
  }
}

function* startsOf({ passes }: Table): Generator<number> {
  for (const { ceiling, forbids, grants, requires } of passes) {
    yield ceiling;
    for (const { when } of forbids) yield when;
    for (const entries of [grants, requires])
      for (const { when, preconditions } of entries) {
        yield when;
        for (const { met } of preconditions ?? []) yield met;
      }
  }
}
