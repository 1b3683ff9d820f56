/** Where a search looks: the facts that requests of one kind have, and the questions that are asked of them. */
import type { Atom } from "../ir/atom.ts";
import type { Program, Table } from "../ir/program.ts";
import { childrenOf, conditionsOf, slotsBehind, slotsOfAtom } from "../ir/reads.ts";
import type { Row, Slot } from "../ir/slot.ts";

export interface Space {
  readonly program: Program;
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly rows: readonly Row[];
  /** Every slot that a request fills, ascending. No two have one source. */
  readonly slots: readonly number[];
  /** The atoms that are asked, ascending. */
  readonly atoms: readonly number[];
}

/** What a space has beside what its table asks and reads. */
export interface MoreSpace {
  readonly conditions?: readonly number[];
  readonly slots?: readonly number[];
}

/** The space of a table. */
export function spaceOf(program: Program, table: Table, more: MoreSpace = {}): Space {
  const atoms = atomsOf(program, [...conditionsOf(table), ...(more.conditions ?? [])]);
  const { principal, action, resource } = table;
  const rows = table.passes.map((pass) => pass.row);
  const slots = new Set([...table.slots, ...(more.slots ?? [])]);
  for (const atom of atoms) for (const slot of slotsOfAtom(program.atoms[atom] as Atom)) slots.add(slot);
  // What stands behind a reference needs the reference.
  for (const slot of slots) for (const behind of slotsBehind(program, table, slot)) slots.add(behind);
  return { program, principal, action, resource, rows, slots: ascending(slots), atoms };
}

/** The atoms that some conditions ask, directly or through their children, ascending. */
export function atomsOf(program: Program, conditions: readonly number[]): readonly number[] {
  const atoms = new Set<number>();
  const seen = new Set<number>();
  const open = [...conditions];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const condition = program.conditions[index];
    if (condition === undefined) throw new RangeError(`no condition ${index}`);
    if (condition.kind === "atom") atoms.add(condition.atom);
    open.push(...childrenOf(condition));
  }
  return ascending(atoms);
}

function ascending(numbers: Iterable<number>): readonly number[] {
  return [...numbers].toSorted((a, b) => a - b);
}

export function slotAt(space: Space, id: number): Slot {
  const slot = space.program.slots[id];
  if (slot === undefined) throw new RangeError(`no slot ${id}`);
  return slot;
}

export function atomAt(space: Space, id: number): Atom {
  const atom = space.program.atoms[id];
  if (atom === undefined) throw new RangeError(`no atom ${id}`);
  return atom;
}
