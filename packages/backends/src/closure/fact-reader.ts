/** Reads a table's facts from a request, each object on the way once. What is malformed stops the reading. */
import { slotPath, type Program, type Slot, type Table } from "@wardline/core";
import type { State } from "./state.ts";
import { compileValueCheck, isPairs, plainObject, type ValueCheck } from "./value-check.ts";

const { hasOwn } = Object;

/** Fills the state's facts; false if a fact is malformed, or absent without being optional. */
export type FactReader = (request: unknown, state: State) => boolean;

interface Reading {
  readonly slot: number;
  readonly key: string;
  readonly optional: boolean;
  readonly check: ValueCheck;
}

/** The facts that stand in one object, and the objects below it. */
interface Level {
  readonly readings: Reading[];
  readonly below: Map<string, Level>;
}

export function compileFactReader(program: Program, table: Table): FactReader {
  const top: Level = { readings: [], below: new Map() };
  for (const id of table.slots) {
    const slot = program.slots[id] as Slot;
    const path = slotPath(slot.source);
    let level = top;
    for (const key of path.slice(0, -1)) {
      const next: Level = level.below.get(key) ?? { readings: [], below: new Map() };
      level.below.set(key, next);
      level = next;
    }
    const check = slot.source.from === "relation" ? isPairs : compileValueCheck(slot.type);
    level.readings.push({ slot: id, key: path.at(-1) as string, optional: slot.optional, check });
  }
  return compileLevel(top);
}

function compileLevel(level: Level): FactReader {
  const readings = [...level.readings];
  const below = [...level.below].map(([key, next]) => ({ key, read: compileLevel(next) }));
  return (value, state) => {
    const object = plainObject(value);
    const { facts } = state;
    for (const { slot, key, optional, check } of readings) {
      const fact = object !== null && hasOwn(object, key) ? object[key] : undefined;
      if (fact === undefined || fact === null) {
        if (!optional) return false;
        facts[slot] = undefined;
      } else if (check(fact)) facts[slot] = fact;
      else return false;
    }
    for (const { key, read } of below)
      if (!read(object !== null && hasOwn(object, key) ? object[key] : undefined, state)) return false;
    return true;
  };
}
