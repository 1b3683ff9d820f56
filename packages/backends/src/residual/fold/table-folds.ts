/** The atoms of a table with what is known put in: those that never change, and those to fold at each asking. */
import {
  childrenOf,
  conditionsOf,
  slotsOfAtom,
  type Atom,
  type Condition,
  type Program,
  type Slot,
  type Table,
} from "@wardline/core";
import { foldAtom, type Fold } from "./fold-atom.ts";
import { comesWithRow } from "../../comes-with-row.ts";
import { open } from "./known-values.ts";
import type { Folded } from "./tree.ts";

/** The conditions that the table asks, children before parents. */
export function conditionsAsked(program: Program, table: Table): readonly number[] {
  const found = new Set<number>();
  const left = [...conditionsOf(table)];
  for (let index = left.pop(); index !== undefined; index = left.pop()) {
    if (found.has(index)) continue;
    found.add(index);
    left.push(...childrenOf(program.conditions[index] as Condition));
  }
  return [...found].toSorted((a, b) => a - b);
}

export interface Folds {
  /** Atom of the program → its place in the table. */
  readonly places: ReadonlyMap<number, number>;
  /** By place: what an atom comes to whatever is known; undefined where that changes. */
  readonly fixed: readonly (Folded | undefined)[];
  readonly changing: readonly Fold[];
  /** By place: the number among the changing. */
  readonly order: readonly (number | undefined)[];
}

/** `own`: the slot that is known of every row that rules are asked of. */
export function foldsOf(program: Program, asked: readonly number[], own: number): Folds {
  const places = new Map<number, number>();
  const fixed: (Folded | undefined)[] = [];
  const order: (number | undefined)[] = [];
  const changing: Fold[] = [];
  const isOfRow = (slot: number) => slot !== own && comesWithRow((program.slots[slot] as Slot).source);
  const ofRow = program.slots.map(() => open);
  for (const index of asked) {
    const condition = program.conditions[index] as Condition;
    if (condition.kind !== "atom" || places.has(condition.atom)) continue;
    const atom = program.atoms[condition.atom] as Atom;
    const fold = foldAtom(program, atom);
    const isFixed = slotsOfAtom(atom).every(isOfRow);
    places.set(condition.atom, fixed.push(isFixed ? fold(ofRow) : undefined) - 1);
    order.push(isFixed ? undefined : changing.push(fold) - 1);
  }
  return { places, fixed, changing, order };
}
