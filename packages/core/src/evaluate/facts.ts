import type { Program, Table } from "../ir/program.ts";
import { referenceSource, slotPath, type Slot } from "../ir/slot.ts";
import { isText, isWireValue, type WireValue } from "../value/wire.ts";
import type { Pair } from "../decision/request.ts";

/** A fact as the rules see it; undefined where it is absent. */
export type Fact = WireValue | readonly Pair[] | undefined;

/** The facts of one request by slot id. Slots that the table does not read are not filled. */
export type Facts = ReadonlyMap<number, Fact>;

/**
 * Reads and checks every slot of the table. Returns undefined if one is malformed, or absent without being optional:
 * the request is then `invalid_input` and no rule is asked.
 */
export function readFacts(program: Program, table: Table, request: unknown): Facts | undefined {
  const facts = new Map<number, Fact>();
  for (const id of table.slots) {
    const slot = program.slots[id] as Slot;
    const value = valueAt(request, slotPath(slot.source));
    if (value === undefined || value === null) {
      if (!mayBeAbsent(slot, request)) return undefined;
      facts.set(id, undefined);
    } else if (slot.source.from === "relation") {
      if (!isPairs(value)) return undefined;
      facts.set(id, value);
    } else if (isWireValue(value, slot.type)) {
      facts.set(id, value);
    } else return undefined;
  }
  return facts;
}

/** True if nothing need stand there: the slot is optional, or the reference that it stands behind is absent. */
export function mayBeAbsent(slot: Slot, request: unknown): boolean {
  if (slot.optional) return true;
  if (slot.source.from !== "reference") return false;
  const reference = referenceSource(slot.source.of);
  if (reference === null) return false;
  const value = valueAt(request, slotPath(reference));
  return value === undefined || value === null;
}

/** The value at a path of own keys through plain objects; undefined where the path leaves them. */
export function valueAt(document: unknown, path: readonly string[]): unknown {
  let at = document;
  for (const key of path) {
    if (typeof at !== "object" || at === null || Array.isArray(at) || !Object.hasOwn(at, key))
      return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** True for a list of pairs of a relation, by ids. */
export function isPairs(value: unknown): value is readonly Pair[] {
  return (
    Array.isArray(value) &&
    // Spread, so that a hole is looked at as what it reads as.
    [...(value as readonly unknown[])].every(
      (item) => isEnd(valueAt(item, ["from"])) && isEnd(valueAt(item, ["to"])),
    )
  );
}

function isEnd(value: unknown): boolean {
  return typeof value === "string" && isText(value);
}
