/** The facts of a table that are known before a row is, checked as the evaluator checks them, in an array by slot. */
import { referenceSource, slotPath, type Program, type Slot, type Table } from "@wardline/core";
import { comesWithRow } from "../../comes-with-row.ts";
import { compileFactReader, type FactReading } from "../row/fact-levels.ts";
import { isPairList } from "../row/pairs.ts";
import { compileValueTest } from "../row/value-test.ts";

/** Stands in place of a fact that comes with the row. */
export const open: unique symbol = Symbol("comes with the row");

/** By slot: a value in wire form, undefined where it is absent, {@link open} where it comes with the row. */
export type KnownValues = readonly unknown[];

/** Null if a known fact is malformed, or absent without being optional. */
export type KnownReader = (known: unknown) => unknown[] | null;

export function compileKnownReader(program: Program, table: Table): KnownReader {
  const blank: unknown[] = Array.from({ length: Math.max(-1, ...table.slots) + 1 });
  const readings: FactReading[] = [];
  for (const id of table.slots) {
    const slot = program.slots[id] as Slot;
    if (comesWithRow(slot.source)) blank[id] = open;
    else readings.push(readingOf(slot));
  }
  const read = compileFactReader(readings);
  return (known) => {
    const values = blank.slice();
    return read(known, values) ? values : null;
  };
}

function readingOf({ id, source, type, optional }: Slot): FactReading {
  const isRelation = source.from === "relation";
  const reference = source.from === "reference" ? referenceSource(source.of) : null;
  return {
    path: slotPath(source),
    number: id,
    test: isRelation ? isPairList : compileValueTest(type),
    absent: isRelation ? open : undefined,
    optional: optional || isRelation,
    behind: reference === null ? null : slotPath(reference),
  };
}
