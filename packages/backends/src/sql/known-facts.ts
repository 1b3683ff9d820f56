/** The facts that are known before any row is, checked as core's evaluator checks them. */
import {
  isWireValue,
  referenceSource,
  type Program,
  type Slot,
  slotPath,
  type SlotSource,
  type Table,
  valueAt,
} from "@wardline/core";
import { comesWithRow } from "../comes-with-row.ts";
import type { KnownFact } from "./scope.ts";

/** True for facts that come with the row or are looked up for it. */
export function dependsOnRow(source: SlotSource): boolean {
  return source.from === "relation" || comesWithRow(source);
}

/**
 * The facts of the table by slot; undefined if one is malformed, or absent without being optional and without standing
 * behind a reference that is absent.
 */
export function readKnownFacts(
  program: Program,
  table: Table,
  document: unknown,
): ReadonlyMap<number, KnownFact> | undefined {
  const facts = new Map<number, KnownFact>();
  for (const id of table.slots) {
    const slot = program.slots[id] as Slot;
    if (dependsOnRow(slot.source)) continue;
    const value = valueAt(document, slotPath(slot.source));
    if (value === undefined || value === null) {
      if (!slot.optional && !isBehindAbsence(slot, document)) return undefined;
      facts.set(id, { kind: "absent" });
    } else if (isWireValue(value, slot.type)) facts.set(id, { kind: "known", value });
    else return undefined;
  }
  return facts;
}

function isBehindAbsence({ source }: Slot, document: unknown): boolean {
  const reference = source.from === "reference" ? referenceSource(source.of) : null;
  if (reference === null) return false;
  const value = valueAt(document, slotPath(reference));
  return value === undefined || value === null;
}
