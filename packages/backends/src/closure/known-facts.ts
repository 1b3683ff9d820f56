/** What a session knows before any row: every fact of the asker that some table reads, each under a number of its own. */
import { plainObject, ownValue } from "./own.ts";
import { takeFact, type Reading } from "./reading.ts";
import type { State } from "./state.ts";

/** Where a table finds a fact of the asker, and what it asks of it. */
export interface KnownSlot {
  /** Its number among the facts of a session; settled when all tables are compiled. */
  at: number;
  readonly slot: number;
  readonly optional: boolean;
  readonly behind: number;
  /** Of a relation, which may come with the row instead; null for all other facts. */
  readonly inRow: Reading | null;
}

/** The facts under one object of the document, in the order of their numbers. */
export interface KnownGroup {
  readonly path: readonly string[];
  /** The number of the first. */
  readonly first: number;
  readonly readings: readonly Reading[];
}

/** What a session holds on to: values by number, none beyond the last that is there, and the numbers of roles. */
export interface Known {
  readonly values: readonly unknown[];
  readonly roles: readonly number[];
}

export interface KnownPlaces {
  /** Notes that a table reads the fact at a path. */
  readonly add: (path: readonly string[], reading: Reading) => KnownSlot;
  /** Numbers all facts noted. */
  readonly settle: () => readonly KnownGroup[];
}

interface Noted {
  readonly path: readonly string[];
  readonly facts: Map<string, { readonly reading: Reading; readonly slots: KnownSlot[] }>;
}

export function createKnownPlaces(): KnownPlaces {
  const groups = new Map<string, Noted>();
  return {
    add: (path, reading) => {
      const { slot, optional, behind } = reading;
      const isRelation = path[0] === "relations";
      const made = { at: -1, slot, optional, behind, inRow: isRelation ? reading : null };
      const above = path.slice(0, -1);
      const group = groups.get(JSON.stringify(above)) ?? { path: above, facts: new Map() };
      groups.set(JSON.stringify(above), group);
      const name = nameOf(reading);
      const fact = group.facts.get(name) ?? { reading, slots: [] };
      group.facts.set(name, fact);
      fact.slots.push(made);
      return made;
    },
    settle: () => {
      let count = 0;
      // Limits are many and seldom given: what is absent at the end takes no room in a session.
      const isLimit = ({ path }: Noted) => Number(path[0] === "limits");
      return [...groups.values()]
        .toSorted((a, b) => isLimit(a) - isLimit(b))
        .map(({ path, facts }) => {
          const first = count;
          for (const { slots } of facts.values()) {
            for (const slot of slots) slot.at = count;
            count += 1;
          }
          return { path, first, readings: [...facts.values()].map(({ reading }) => reading) };
        });
    },
  };
}

/**
 * Equal for readings that accept the same values under one key. Types of principals may have attributes of one name and several
 * types: what is checked as another's was not checked.
 */
function nameOf({ key, take, min, max, slot }: Reading): string {
  const isOwn = take === "scalar" || take === "set";
  return JSON.stringify([key, take, min, max, isOwn ? slot : null]);
}

/** Stands for a fact that is malformed: a table that reads it denies. */
const malformed: unique symbol = Symbol("malformed");

/** Reads and copies what is known. `state` is a state to work in. */
export function readKnown(groups: readonly KnownGroup[], document: unknown, state: State): Known {
  const values: unknown[] = [];
  state.roleCount = 0;
  for (const { path, first, readings } of groups) {
    let above: unknown = document;
    for (const key of path) above = ownValue(above, key);
    if (plainObject(above) === null) continue;
    for (let i = 0; i < readings.length; i += 1) {
      const value = takeValue(readings[i] as Reading, above, state);
      if (value === undefined) continue;
      while (values.length < first + i) values.push(undefined);
      values.push(value);
    }
  }
  return { values: values.slice(), roles: state.roles.slice(0, state.roleCount) };
}

function takeValue(reading: Reading, above: unknown, state: State): unknown {
  const { slot, key } = reading;
  const value = ownValue(above, key);
  if (value === undefined || value === null) return undefined;
  // Invariant: the list is the session's own. No decision fills it anew, nor did one before.
  state.lists[slot] = undefined;
  const isProper = takeFact(reading, value, state);
  const taken = state.facts[slot];
  state.lists[slot] = undefined;
  state.facts[slot] = undefined;
  return isProper ? taken : malformed;
}

/** Writes what is known to a state; false if something is malformed, or absent where it may not be. */
export function takeKnown(slots: readonly KnownSlot[], known: Known, row: unknown, state: State): boolean {
  const { values, roles } = known;
  const { facts } = state;
  for (let i = 0; i < slots.length; i += 1) {
    const { at, slot, optional, behind, inRow } = slots[i] as KnownSlot;
    const value = at < values.length ? values[at] : undefined;
    if (value === undefined) {
      if (inRow !== null) {
        if (!takeFact(inRow, ownValue(ownValue(row, "relations"), inRow.key), state)) return false;
        continue;
      }
      if (!optional && (behind < 0 || facts[behind] !== undefined)) return false;
    } else if (value === malformed) return false;
    facts[slot] = value;
  }
  state.roles = roles;
  state.roleCount = roles.length;
  return true;
}
