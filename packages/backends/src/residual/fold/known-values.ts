/**
 * The facts of a table that are known before a row is, checked as the evaluator checks them, in an array by slot. Each
 * object on the way is looked at once.
 */
import {
  referenceSource,
  slotPath,
  valueAt,
  type Program,
  type Slot,
  type SlotSource,
  type Table,
} from "@wardline/core";
import { ownValue } from "../row/own-value.ts";
import { isPairList } from "../row/pairs.ts";
import { compileValueTest, type ValueTest } from "../row/value-test.ts";

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
  const blank: unknown[] = Array.from({ length: Math.max(-1, ...table.slots) + 1 });
  const top: Level = { readings: [], below: new Map() };
  for (const id of table.slots) {
    const slot = program.slots[id] as Slot;
    if (comesWithRow(slot.source)) blank[id] = open;
    else addReading(top, slot);
  }
  const read = compileLevel(top);
  return (known) => {
    const values = blank.slice();
    return read(known, values, known) ? values : null;
  };
}

interface Reading {
  readonly slot: number;
  readonly key: string;
  readonly test: ValueTest;
  /** What stands for a fact that is absent. */
  readonly absent: typeof open | undefined;
  readonly optional: boolean;
  /** The path of the reference that the fact stands behind. */
  readonly behind: readonly string[] | null;
}

/** The facts that stand in one object, and the objects below it. */
interface Level {
  readonly readings: Reading[];
  readonly below: Map<string, Level>;
}

function addReading(top: Level, { id, source, type, optional }: Slot): void {
  const path = slotPath(source);
  let level = top;
  for (const key of path.slice(0, -1)) {
    const next: Level = level.below.get(key) ?? { readings: [], below: new Map() };
    level.below.set(key, next);
    level = next;
  }
  const isRelation = source.from === "relation";
  const reference = source.from === "reference" ? referenceSource(source.of) : null;
  level.readings.push({
    slot: id,
    key: path.at(-1) as string,
    test: isRelation ? isPairList : compileValueTest(type),
    absent: isRelation ? open : undefined,
    optional: optional || isRelation,
    behind: reference === null ? null : slotPath(reference),
  });
}

type LevelReader = (value: unknown, values: unknown[], known: unknown) => boolean;

function compileLevel(level: Level): LevelReader {
  const readings = [...level.readings];
  const below = [...level.below].map(([key, next]) => ({ key, read: compileLevel(next) }));
  return (object, values, known) => {
    for (const { slot, key, test, absent, optional, behind } of readings) {
      const value = ownValue(object, key);
      if (value === undefined || value === null) {
        if (!optional && (behind === null || !isAbsent(valueAt(known, behind)))) return false;
        values[slot] = absent;
      } else if (test(value)) values[slot] = value;
      else return false;
    }
    for (const { key, read } of below) if (!read(ownValue(object, key), values, known)) return false;
    return true;
  };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
