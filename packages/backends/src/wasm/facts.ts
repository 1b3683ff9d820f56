/** What the runtime must know of each slot to read and check it: its descriptor, as runtime/slots.ts has it. */
import type { ScalarType, Slot } from "@wardline/core";
import { boundsOf, factKind, familyOf, pairsKind } from "./fact-type.ts";
import type { Image } from "./image.ts";
import type { Names } from "./names.ts";

export interface FactPlace {
  readonly leaf: number;
  /** The leaf of the reference that the slot stands behind; 0 if it stands behind none. */
  readonly reference: number;
  readonly cell: number;
  /** Where the name bits of a set of texts stand; 0 for any other slot. */
  readonly bits: number;
}

/** Writes a slot's descriptor and gives its address. */
export function writeDescriptor(slot: Slot, place: FactPlace, image: Image, names: Names): number {
  const relation = slot.source.from === "relation";
  const set = slot.type.kind === "set";
  const type = slot.type.kind === "set" ? slot.type.of : slot.type;
  const values = type.kind === "enum" && !relation ? numbersOf(type, names) : [];
  const { min, max } = boundsOf(type);
  const flags =
    (relation ? pairsKind : factKind(type)) | (set || relation ? 0x100 : 0) | (slot.optional ? 0x1_0000 : 0);
  const size = type.kind === "decimal" ? type.scale : values.length;
  const list = image.words(values);
  return image.bytes(
    [
      ...words([place.leaf, place.cell, flags, list, size, place.bits]),
      ...longs([min, max]),
      ...words([place.reference, 0]),
    ],
    8,
  );
}

/** True if the slot is a set of texts, whose known names are kept as bits. */
export function hasNameBits(slot: Slot): boolean {
  return slot.type.kind === "set" && slot.source.from !== "relation" && familyOf(slot.type.of) === "text";
}

function numbersOf(type: Extract<ScalarType, { kind: "enum" }>, names: Names): readonly number[] {
  return type.values.map((value) => names.number(value)).toSorted((a, b) => a - b);
}

function words(values: readonly number[]): readonly number[] {
  return values.flatMap((value) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255));
}

function longs(values: readonly bigint[]): readonly number[] {
  return values.flatMap((value) =>
    Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n)),
  );
}
