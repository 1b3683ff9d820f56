/** What parts of a program read: the children of conditions, the slots of atoms and of whole tables. */
import type { Atom, Operand } from "./atom.ts";
import type { Condition } from "./condition.ts";
import type { Program, Table } from "./program.ts";
import { referenceField } from "./reference-field.ts";
import { referenceSource, type Slot } from "./slot.ts";

/** The conditions that a condition is made of. */
export function childrenOf(condition: Condition): readonly number[] {
  switch (condition.kind) {
    case "constant":
    case "atom":
      return [];
    case "and":
    case "or":
      return condition.of;
  }
}

/** The slots that some of the conditions read, directly or through their children. */
function slotsOfConditions(program: Program, conditions: readonly number[]): Set<number> {
  const slots = new Set<number>();
  const seen = new Set<number>();
  const open = [...conditions];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const condition = program.conditions[index];
    if (condition === undefined) continue;
    for (const child of childrenOf(condition)) open.push(child);
    const atom = condition.kind === "atom" ? program.atoms[condition.atom] : undefined;
    if (atom !== undefined) for (const slot of slotsOfAtom(atom)) slots.add(slot);
  }
  return slots;
}

/** The operands of an atom, from left to right. */
export function operandsOf(atom: Atom): readonly Operand[] {
  switch (atom.kind) {
    case "compare":
      return [atom.left, atom.right];
    case "truth":
    case "one_of":
    case "contains":
    case "in_network":
      return [atom.of];
    case "text":
      return [atom.of, atom.part];
    case "within":
      return [atom.entity, atom.group];
    case "related":
      return [atom.from, atom.to];
    case "empty":
    case "has":
    case "role":
      return [];
  }
}

/** The slots that an atom reads. */
export function slotsOfAtom(atom: Atom): readonly number[] {
  const operands = operandsOf(atom).flatMap((o) => (o.kind === "constant" ? [] : [o.slot]));
  switch (atom.kind) {
    case "contains":
    case "empty":
      return [atom.set, ...operands];
    case "has":
    case "role":
    case "related":
      return [atom.slot, ...operands];
    case "within":
      return [...operands, ...(atom.ancestors === null ? [] : [atom.ancestors])];
    case "compare":
    case "truth":
    case "one_of":
    case "in_network":
    case "text":
      return operands;
  }
}

/**
 * The slots that the conditions and limits of a table read, without those that its scope reads. The references that an
 * attribute stands behind are among them.
 */
export function slotsOfTable(program: Program, table: Table): ReadonlySet<number> {
  const slots = slotsOfConditions(program, conditionsOf(table));
  for (const { grants, requires } of table.passes)
    for (const entries of [grants, requires])
      for (const { limit } of entries) if (limit !== undefined) slots.add(limit.left).add(limit.retryAfter);
  for (const slot of slots) for (const behind of slotsBehind(program, table, slot)) slots.add(behind);
  return slots;
}

/** The slots of the reference that a slot stands behind: of this table's principal and rows, others may name theirs alike. */
export function slotsBehind(program: Program, table: Table, id: number): readonly number[] {
  const source = program.slots[id]?.source;
  if (source?.from !== "reference") return [];
  const wanted = referenceSource(source.of);
  const reference = JSON.stringify(wanted);
  const field = referenceField(program.model, table, source.of);
  const isDeclared = (slot: Slot) =>
    field === undefined ||
    (slot.optional === field.optional && JSON.stringify(slot.type) === JSON.stringify(field.type));
  return program.slots
    .filter(
      (slot) =>
        slot.source.from === wanted?.from && JSON.stringify(slot.source) === reference && isDeclared(slot),
    )
    .map((slot) => slot.id);
}

/** All conditions that a table asks. */
export function conditionsOf(table: Table): readonly number[] {
  const conditions: number[] = [];
  for (const { ceiling, forbids, grants, requires } of table.passes) {
    conditions.push(ceiling);
    for (const entries of [forbids, grants, requires])
      for (const entry of entries) conditions.push(entry.when);
    for (const entries of [grants, requires])
      for (const entry of entries) for (const { met } of entry.preconditions ?? []) conditions.push(met);
  }
  return conditions;
}
