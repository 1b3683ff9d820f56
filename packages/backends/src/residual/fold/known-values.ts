/** The facts of a table that are known before a row is, checked as the evaluator checks them, in an array by slot. */
import {
  isWireValue,
  referenceSource,
  slotPath,
  valueAt,
  type Program,
  type Slot,
  type SlotSource,
  type Table,
} from "@wardline/core";
import { isPairList } from "../row/pairs.ts";

/** Stands in place of a fact that comes with the row. */
export const open: unique symbol = Symbol("comes with the row");

/** By slot: a value in wire form, undefined where it is absent, {@link open} where it comes with the row. */
export type KnownValues = readonly unknown[];

/** Null if a known fact is malformed, or absent without being optional. */
export type KnownReader = (known: unknown) => unknown[] | null;

/** Whether a fact comes with the row. Pairs of a relation do where they are not among what is known. */
export function comesWithRow(source: SlotSource): boolean {
  switch (source.from) {
    case "row":
    case "row_attribute":
      return true;
    case "reference":
    case "ancestors":
      return source.of.root !== "principal";
    case "relation":
    case "principal":
    case "principal_attribute":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
    case "clock":
    case "limit":
      return false;
  }
}

export function compileKnownReader(program: Program, table: Table): KnownReader {
  const size = Math.max(0, ...table.slots) + 1;
  const blank: unknown[] = Array.from({ length: size });
  const readings = table.slots.flatMap((id) => {
    const slot = program.slots[id] as Slot;
    if (comesWithRow(slot.source)) blank[id] = open;
    return comesWithRow(slot.source) ? [] : [readingOf(slot)];
  });
  return (known) => {
    const values = blank.slice();
    for (const read of readings) if (!read(known, values)) return null;
    return values;
  };
}

type Reading = (known: unknown, values: unknown[]) => boolean;

function readingOf({ id, source, type, optional }: Slot): Reading {
  const path = slotPath(source);
  const isRelation = source.from === "relation";
  const behind = source.from === "reference" ? referenceSource(source.of) : null;
  const reference = behind === null ? null : slotPath(behind);
  return (known, values) => {
    const value = valueAt(known, path);
    if (value !== undefined && value !== null) {
      values[id] = value;
      return isRelation ? isPairList(value) : isWireValue(value, type);
    }
    if (isRelation) {
      values[id] = open;
      return true;
    }
    return optional || (reference !== null && isAbsent(valueAt(known, reference)));
  };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
