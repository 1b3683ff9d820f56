/**
 * Atoms that find their facts in a world themselves, when they are asked: those that policies over graphs are made of. All
 * others read the facts of the state.
 */
import type { Atom, Operand, PathStart, Program, Slot, SlotSource } from "@wardline/core";
import type { Members } from "../closure/members.ts";
import { bareSlot } from "../closure/operand.ts";
import type { State, Test } from "../closure/state.ts";
import { isAbove } from "./ancestor-members.ts";
import { compileFind, compilePath, type Roots, type Way } from "./fill.ts";
import type { Entity } from "./entity.ts";
import type { World } from "./world.ts";

/** A state that knows whom the decision is about. */
export interface StoreState extends State, Roots {}

export interface StoreAtoms {
  readonly program: Program;
  readonly home: World;
  /** The types that the paths of a table begin with. */
  readonly start: PathStart;
}

type Read = (state: StoreState) => unknown;

/** The atom's test, or null if it reads the facts of the state. */
export function compileStoreAtom(context: StoreAtoms, atom: Atom): Test | null {
  switch (atom.kind) {
    case "compare":
      return atom.op === "eq" ? compileEquals(context, atom.left, atom.right) : null;
    case "truth": {
      const of = readOf(context, atom.of);
      return of && over((state) => of(state) === true);
    }
    case "contains": {
      const set = findSlot(context, atom.set);
      const of = readOf(context, atom.of);
      if (set === null || of === null) return null;
      return over((state) => {
        const members = set(state) as Members | undefined;
        const value = of(state);
        return members !== undefined && value !== undefined && members.has(value as string);
      });
    }
    case "within":
      return compileWithin(context, atom);
    case "one_of":
    case "empty":
    case "text":
    case "in_network":
    case "has":
    case "role":
    case "related":
      return null;
  }
}

const over = (test: (state: StoreState) => boolean): Test => test as Test;

function compileEquals(context: StoreAtoms, left: Operand, right: Operand): Test | null {
  const [a, b] = [readOf(context, left), readOf(context, right)];
  if (a === null || b === null) return null;
  return over((state) => {
    const value = a(state);
    return value !== undefined && value === b(state);
  });
}

function compileWithin(context: StoreAtoms, atom: Extract<Atom, { kind: "within" }>): Test | null {
  const entity = readOf(context, atom.entity);
  const group = readOf(context, atom.group);
  if (entity === null || group === null || atom.ancestors === null) return null;
  const { source } = context.program.slots[atom.ancestors] as Slot;
  if (source.from !== "ancestors") return null;
  const { follow } = compilePath(context.program.model, context.start, source.of);
  const { same } = atom;
  const type = source.entity;
  const slow = (state: StoreState, from: Entity): boolean => {
    const id = group(state);
    if (id === undefined) return false;
    const found = from.kind.world.kind(type).entities.get(id);
    return found !== undefined && isAbove(found, from);
  };
  const target = targetOf(context, atom.group);
  const isAt = target !== null && target.ends.name === type ? target.follow : null;
  return over((state) => {
    if (same) {
      const own = entity(state);
      if (own !== undefined && own === group(state)) return true;
    }
    const from = follow(state);
    if (from === undefined) return false;
    // Ids are what is compared: where the reference leads to another world, its id is looked up among the entity's own ancestors.
    const found = isAt === null ? undefined : isAt(state);
    if (found === undefined || found.kind.world !== from.kind.world) return slow(state, from);
    return isAbove(found, from);
  });
}

/** What the reference of an operand leads to; null if the operand is none. */
function targetOf(context: StoreAtoms, operand: Operand): Way | null {
  const slot = bareSlot(operand);
  const source = slot === undefined ? undefined : context.program.slots[slot]?.source;
  if (source === undefined) return null;
  const { model } = context.program;
  switch (source.from) {
    case "principal_attribute":
      return compilePath(model, context.start, { root: "principal", attribute: source.name });
    case "row_attribute":
      return compilePath(model, context.start, { root: source.row, attribute: source.name });
    case "reference":
      return source.of.further === undefined
        ? compilePath(model, context.start, { ...source.of, further: source.name })
        : null;
    case "principal":
    case "row":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
    case "clock":
    case "limit":
    case "ancestors":
    case "relation":
      return null;
  }
}

/** Reads an operand in the worlds; null for what is given with the question, and for fallbacks. */
function readOf(context: StoreAtoms, operand: Operand): Read | null {
  if (operand.kind === "constant") {
    const { value } = operand;
    return () => value;
  }
  const slot = bareSlot(operand);
  return slot === undefined ? null : findSlot(context, slot);
}

function findSlot({ program, home, start }: StoreAtoms, slot: number): Read | null {
  const { source } = program.slots[slot] as Slot;
  if (!isInWorld(source)) return null;
  const find = compileFind(program.model, start, source);
  return (state) => find(state, home);
}

function isInWorld(source: SlotSource): boolean {
  switch (source.from) {
    case "principal":
    case "principal_attribute":
    case "row":
    case "row_attribute":
    case "reference":
      return true;
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
    case "clock":
    case "limit":
    case "ancestors":
    case "relation":
      return false;
  }
}
