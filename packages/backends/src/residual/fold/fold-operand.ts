/** Operands while a table is folded: a value, nothing, or a fact of the row. */
import type { Operand, Program, ScalarType, Slot, WireScalar } from "@wardline/core";
import { open, type KnownValues } from "./known-values.ts";
import type { RowOperand } from "../residual.ts";

export interface FoldedOperand {
  /** The value; undefined where it is absent; {@link open} where it comes with the row. */
  readonly read: (values: KnownValues) => WireScalar | undefined | typeof open;
  /** How the row's fact is written, if it is one. */
  readonly fact: RowOperand;
  /** The row's fact, or its fallback, is there in every proper row. */
  readonly always: boolean;
  readonly type: ScalarType | null;
}

/** `now` with an offset is not for here: only comparisons have it, and they move it themselves. */
export function foldOperand(program: Program, operand: Operand): FoldedOperand {
  if (operand.kind === "constant") {
    const { value, type } = operand;
    return { read: () => value, fact: { kind: "constant", value }, always: true, type };
  }
  const { slot } = operand;
  const type = typeOf(program.slots[slot] as Slot);
  const isThere = isAlwaysThere(program.slots[slot] as Slot);
  const fallback = operand.kind === "slot" ? operand.fallback : null;
  const fact: RowOperand = { kind: "fact", fact: slot, fallback: isThere ? null : fallback };
  const always = isThere || fallback !== null;
  if (fallback === null)
    return { read: (values) => values[slot] as WireScalar | undefined, fact, always, type };
  return { read: (values) => (values[slot] as WireScalar | undefined) ?? fallback, fact, always, type };
}

/** True of a fact without which no row is proper. */
export function isAlwaysThere({ optional, source }: Slot): boolean {
  return !optional && source.from !== "reference";
}

/** The operand as the document writes it, given what was read of it. */
export function written(operand: FoldedOperand, value: WireScalar | typeof open): RowOperand {
  return value === open ? operand.fact : { kind: "constant", value };
}

function typeOf({ type }: Slot): ScalarType | null {
  return type.kind === "set" ? null : type;
}
