/**
 * Atoms that find their facts in a world themselves, when they are asked: those that policies over graphs are made of. All
 * others read the facts of the state.
 */
import type { Atom, CompareOp, Operand, PathStart, Program, Slot, SlotSource } from "@wardline/core";
import type { Members } from "../closure/members.ts";
import { bareSlot, operandType } from "../closure/operand.ts";
import type { State, Test } from "../closure/state.ts";
import { isAbove } from "./ancestor-members.ts";
import { compileFind, compilePath, type Find, type Roots, type Way } from "./fill.ts";
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

/** A root's value, known without a search: what most comparisons are of. */
interface Field {
  readonly root: "principal" | "resource";
  /** The place of the field; −1 for the id. */
  readonly at: number;
}

/** The atom's test, or null if it reads the facts of the state. */
export function compileStoreAtom(context: StoreAtoms, atom: Atom): Test | null {
  switch (atom.kind) {
    case "compare":
      return atom.op === "eq"
        ? compileEquals(context, atom.left, atom.right)
        : compileNumbers(context, atom.op, atom.left, atom.right);
    case "truth": {
      const of = readOf(context, atom.of);
      const { home } = context;
      return of && over((state) => of(state, home) === true);
    }
    case "contains": {
      const set = findSlot(context, atom.set);
      const of = readOf(context, atom.of);
      const { home } = context;
      if (set === null || of === null) return null;
      return over((state) => {
        const members = set(state, home) as Members | undefined;
        const value = of(state, home);
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
  const short = compileFieldEquals(context, left, right) ?? compileFieldEquals(context, right, left);
  if (short !== null) return short;
  const [a, b] = [readOf(context, left), readOf(context, right)];
  const { home } = context;
  if (a === null || b === null) return null;
  return over((state) => {
    const value = a(state, home);
    return value !== undefined && value === b(state, home);
  });
}

/** A field of the row that is read, compared with a constant or with the principal; null for all other comparisons. */
function compileFieldEquals(context: StoreAtoms, left: Operand, right: Operand): Test | null {
  const field = fieldOf(context, left);
  if (field?.root !== "resource" || field.at < 0) return null;
  const { at } = field;
  if (right.kind === "constant") {
    const { value } = right;
    return over(({ resource }) => resource !== null && resource.values[at] === value);
  }
  const other = fieldOf(context, right);
  if (other?.root !== "principal") return null;
  if (other.at < 0)
    return over(({ resource, principal }) => resource !== null && resource.values[at] === principal.id);
  const place = other.at;
  return over(({ resource, principal }) => {
    const value = resource === null ? undefined : resource.values[at];
    return value !== undefined && value === principal.values[place];
  });
}

function fieldOf({ program, start }: StoreAtoms, operand: Operand): Field | null {
  const slot = bareSlot(operand);
  const source = slot === undefined ? undefined : program.slots[slot]?.source;
  if (source?.from === "principal" && source.part === "id") return { root: "principal", at: -1 };
  const isRow = source?.from === "row_attribute" && source.row === "resource";
  if (source === undefined || !("name" in source) || !(isRow || source.from === "principal_attribute"))
    return null;
  const type = isRow ? start.resource : start.principal;
  const fields = program.model.entities.find(({ name }) => name === type)?.fields ?? [];
  const at = fields.findIndex(({ name }) => name === source.name);
  return at < 0 ? null : { root: isRow ? "resource" : "principal", at };
}

/** An order of numbers that stand in worlds: with an absent one, as with NaN, it is false. */
function compileNumbers(
  context: StoreAtoms,
  op: Exclude<CompareOp, "eq">,
  left: Operand,
  right: Operand,
): Test | null {
  const { program, home } = context;
  if (left.kind === "now" || right.kind === "now") return null;
  const { kind } = operandType(program, left);
  if ((kind !== "int" && kind !== "duration") || operandType(program, right).kind !== kind) return null;
  const [a, b] = [readOf(context, left), readOf(context, right)] as readonly (Read<number> | null)[];
  if (!a || !b) return null;
  switch (op) {
    case "lt":
      return over((state) => a(state, home) < b(state, home));
    case "le":
      return over((state) => a(state, home) <= b(state, home));
    case "gt":
      return over((state) => a(state, home) > b(state, home));
    case "ge":
      return over((state) => a(state, home) >= b(state, home));
  }
}

type Read<T> = (state: StoreState, home: World) => T;

function compileWithin(context: StoreAtoms, atom: Extract<Atom, { kind: "within" }>): Test | null {
  const entity = readOf(context, atom.entity);
  const group = readOf(context, atom.group);
  if (entity === null || group === null || atom.ancestors === null) return null;
  const { source } = context.program.slots[atom.ancestors] as Slot;
  if (source.from !== "ancestors") return null;
  const { follow } = compilePath(context.program.model, context.start, source.of);
  const { same } = atom;
  const { home } = context;
  const type = source.entity;
  const slow = (state: StoreState, from: Entity): boolean => {
    const id = group(state, home);
    if (id === undefined) return false;
    const found = from.kind.world.kind(type).entities.get(id);
    return found !== undefined && isAbove(found, from);
  };
  const target = targetOf(context, atom.group);
  const isAt = target !== null && target.ends.name === type ? target.follow : null;
  return over((state) => {
    if (same) {
      const own = entity(state, home);
      if (own !== undefined && own === group(state, home)) return true;
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
function readOf(context: StoreAtoms, operand: Operand): Find | null {
  if (operand.kind === "constant") {
    const { value } = operand;
    return () => value;
  }
  const slot = bareSlot(operand);
  return slot === undefined ? null : findSlot(context, slot);
}

function findSlot({ program, start }: StoreAtoms, slot: number): Find | null {
  const { source } = program.slots[slot] as Slot;
  return isInWorld(source) ? compileFind(program.model, start, source) : null;
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
