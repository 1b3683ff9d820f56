/** Which rows differ between two states of a database. */
import type { State } from "../world/stored-world.ts";

export function changedKeys(before: State, after: State): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => before.get(key) !== after.get(key),
  );
}
