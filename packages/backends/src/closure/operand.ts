/** One side of a comparison as a function of the state: a value in wire form, or undefined where it is absent. */
import type { Operand, Program, ScalarType, Slot, WireScalar } from "@wardline/core";
import type { State } from "./state.ts";

export type Read = (state: State) => WireScalar | undefined;

export function compileOperand(operand: Operand): Read {
  if (operand.kind === "constant") {
    const { value } = operand;
    return () => value;
  }
  const { slot } = operand;
  const fallback = operand.kind === "now" ? null : operand.fallback;
  if (fallback === null) return (state) => state.facts[slot] as WireScalar | undefined;
  return (state) => (state.facts[slot] as WireScalar | undefined) ?? fallback;
}

export function operandType(program: Program, operand: Operand): ScalarType {
  return operand.kind === "constant"
    ? operand.type
    : ((program.slots[operand.slot] as Slot).type as ScalarType);
}

/** The slot of an operand that is nothing else; undefined for constants, fallbacks and what is moved. */
export function bareSlot(operand: Operand): number | undefined {
  return operand.kind === "slot" && operand.fallback === null ? operand.slot : undefined;
}
