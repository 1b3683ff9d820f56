/** What the tables of a program use, and how often: a condition or an atom that is used twice is computed once. */
import type { Condition, Entry, Program, Table } from "@wardline/core";

export interface Reach {
  /** One table for each principal, action and resource: the first. */
  readonly tables: readonly Table[];
  /** By id, ascending: slots that a table reads. */
  readonly slots: readonly number[];
  /** How many places use a condition or an atom, by index; 0 is not used. */
  readonly conditions: readonly number[];
  readonly atoms: readonly number[];
}

/** Throws if an index leads nowhere or a condition stands before a child: such a program has no meaning. */
export function reach(program: Program): Reach {
  const tables = [...new Map(program.tables.toReversed().map((t) => [tableKey(t), t])).values()]
    .toReversed()
    .map((table) => withoutIdle(program, table));
  const conditions = program.conditions.map(() => 0);
  const atoms = program.atoms.map(() => 0);
  for (const root of tables.flatMap(roots)) count(conditions, root, "condition");
  for (let i = program.conditions.length - 1; i >= 0; i--) {
    const condition = program.conditions[i] as Condition;
    if (conditions[i] === 0 || condition.kind === "constant") continue;
    if (condition.kind === "atom") {
      // Each place that uses the condition has the atom in it.
      count(atoms, condition.atom, "atom", conditions[i]);
      continue;
    }
    for (const child of condition.of) {
      if (child >= i) throw new RangeError(`condition ${i} stands before its child ${child}`);
      count(conditions, child, "condition");
    }
  }
  const slots = [...new Set(tables.flatMap((table) => table.slots))].toSorted((a, b) => a - b);
  for (const slot of slots) if (program.slots[slot] === undefined) throw new RangeError(`no slot ${slot}`);
  return { tables, slots, conditions, atoms };
}

function tableKey(table: Table): string {
  return JSON.stringify([table.principal, table.action, table.resource]);
}

/** A table grants nothing if one of its passes has no grant: of its rules only forbids, and what lifts them, can matter. */
export function canGrant(table: Table): boolean {
  return table.passes.every((pass) => pass.grants.length > 0);
}

function withoutIdle(program: Program, table: Table): Table {
  if (canGrant(table)) return table;
  const isFloor = ({ rule }: Entry) => program.rules[rule]?.kind === "floor";
  const passes = table.passes.map((pass) => ({ ...pass, grants: pass.grants.filter(isFloor), requires: [] }));
  return { ...table, passes, duties: [] };
}

function roots(table: Table): readonly number[] {
  return table.passes.flatMap((pass) => [
    ...(canGrant(table) ? [pass.ceiling] : []),
    ...[...pass.forbids, ...pass.grants, ...pass.requires].map((entry) => entry.when),
    ...[...pass.grants, ...pass.requires].flatMap((entry) => (entry.preconditions ?? []).map((p) => p.met)),
  ]);
}

function count(uses: number[], index: number, what: string, times = 1): void {
  const known = uses[index];
  if (known === undefined) throw new RangeError(`no ${what} ${index}`);
  uses[index] = known + times;
}
