/**
 * Reads the facts of one object whose keys the model chooses, such as a row's attributes. Objects of one kind nearly always
 * list their keys in the same order: the order last met is expected, and walking it costs far less than a search for each
 * key. An object in another order, or that is not an ordinary one, is read key by key.
 */
import { ownValue, plainObject } from "./own.ts";
import { takeAbsent, takeFact, type Reading } from "./reading.ts";
import type { State } from "./state.ts";

export interface Level {
  readonly readings: readonly Reading[];
  /** The keys in the order that is expected, those of all readings among them. */
  keys: readonly string[];
  /** By place of a key: its reading, or null for a fact that no rule reads. */
  at: readonly (Reading | null)[];
  /** How often another order may still be learnt. */
  patience: number;
}

// Unlike `Object.hasOwn` this costs nothing in a loop over keys. Taken once, so that nobody can put another in its place.
// oxlint-disable-next-line typescript/unbound-method
const { hasOwnProperty } = Object.prototype;
const mostKeys = 128;

export function createLevel(readings: readonly Reading[]): Level {
  return { readings, keys: readings.map((reading) => reading.key), at: readings, patience: 16 };
}

/** Fills the slots of the level; false if a fact is malformed, or absent where it may not be. */
export function readLevel(level: Level, value: unknown, state: State): boolean {
  const object = plainObject(value);
  if (object === null) {
    for (const reading of level.readings) if (!takeAbsent(reading, state)) return false;
    return true;
  }
  const { keys, at } = level;
  let next = 0;
  for (const key in object) {
    // Invariant: only own keys are read. The loop's own key makes this test free where the shape is an ordinary one.
    if (!hasOwnProperty.call(object, key)) return readByKey(level, object, state);
    let place = next;
    while (place < keys.length && keys[place] !== key) place += 1;
    if (place === keys.length) return readByKey(level, object, state);
    for (; next < place; next += 1) {
      const passed = at[next] as Reading | null;
      if (passed !== null && !takeHidden(passed, object, state)) return false;
    }
    const reading = at[place] as Reading | null;
    if (reading !== null && !takeFact(reading, object[key], state)) return false;
    next = place + 1;
  }
  for (; next < keys.length; next += 1) {
    const passed = at[next] as Reading | null;
    if (passed !== null && !takeHidden(passed, object, state)) return false;
  }
  return true;
}

/** A key that was not met in its place: absent, or an own key that no loop lists. */
function takeHidden(reading: Reading, object: object, state: State): boolean {
  return takeFact(reading, ownValue(object, reading.key), state);
}

function readByKey(level: Level, object: object, state: State): boolean {
  if (level.patience > 0) learn(level, object);
  for (const reading of level.readings)
    if (!takeFact(reading, ownValue(object, reading.key), state)) return false;
  return true;
}

/** Expects the keys of this object from now on, and after them those that others had. */
function learn(level: Level, object: object): void {
  level.patience -= 1;
  const own = Object.keys(object).slice(0, mostKeys);
  const read = new Map(level.readings.map((reading) => [reading.key, reading]));
  const keys = [...new Set([...own, ...level.keys.slice(0, mostKeys), ...read.keys()])];
  level.keys = keys;
  level.at = keys.map((key) => read.get(key) ?? null);
}
