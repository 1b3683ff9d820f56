/** Reads facts from a document of own keys and checks them; each object on the way is looked at once. */
import { valueAt } from "@wardline/core";
import { ownValue } from "../../closure/own.ts";
import type { ValueCheck } from "../../closure/value-check.ts";

/** A fact to read. */
export interface FactReading {
  readonly path: readonly string[];
  /** Where it goes. */
  readonly number: number;
  readonly test: ValueCheck;
  /** What stands for it where it is absent. */
  readonly absent: unknown;
  readonly optional: boolean;
  /** The path of the reference that it stands behind: where that is absent, it may be too. */
  readonly behind: readonly string[] | null;
}

/** Fills in the facts by their numbers; false if one is malformed, or absent without leave. */
export type FactReader = (document: unknown, into: unknown[]) => boolean;

/** The facts that stand in one object, and the objects below it. */
interface Level {
  readonly readings: (FactReading & { readonly key: string })[];
  readonly below: Map<string, Level>;
}

export function compileFactReader(readings: readonly FactReading[]): FactReader {
  const top: Level = { readings: [], below: new Map() };
  for (const reading of readings) {
    let level = top;
    for (const key of reading.path.slice(0, -1)) {
      const next: Level = level.below.get(key) ?? { readings: [], below: new Map() };
      level.below.set(key, next);
      level = next;
    }
    level.readings.push({ ...reading, key: reading.path.at(-1) as string });
  }
  const read = compileLevel(top);
  return (document, into) => read(document, into, document);
}

type LevelReader = (object: unknown, into: unknown[], document: unknown) => boolean;

function compileLevel(level: Level): LevelReader {
  const readings = [...level.readings];
  const below = [...level.below].map(([key, next]) => ({ key, read: compileLevel(next) }));
  return (object, into, document) => {
    for (const { number, key, test, absent, optional, behind } of readings) {
      const value = ownValue(object, key);
      if (value === undefined || value === null) {
        if (!optional && (behind === null || !isAbsent(valueAt(document, behind)))) return false;
        into[number] = absent;
      } else if (test(value)) into[number] = value;
      else return false;
    }
    for (const { key, read } of below) if (!read(ownValue(object, key), into, document)) return false;
    return true;
  };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
