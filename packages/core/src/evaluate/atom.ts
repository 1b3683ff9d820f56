import type { Pair } from "../decision/request.ts";
import type { Atom, CompareOp, Operand } from "../ir/atom.ts";
import type { Program } from "../ir/program.ts";
import type { Slot } from "../ir/slot.ts";
import type { ScalarType } from "../value/type.ts";
import { decimalUnits, instantMicros, type WireScalar } from "../value/wire.ts";
import type { Facts } from "./facts.ts";

/** The value of an atom. An atom that reads an absent path is false. */
export function atomHolds(program: Program, atom: Atom, facts: Facts): boolean {
  switch (atom.kind) {
    case "compare": {
      const left = scalar(atom.left, facts);
      const right = scalar(atom.right, facts);
      if (left === undefined || right === undefined) return false;
      if (atom.op === "eq") return left === right;
      return orderHolds(
        atom.op,
        ordinal(left, operandType(program, atom.left)),
        ordinal(right, operandType(program, atom.right)),
      );
    }
    case "truth":
      return scalar(atom.of, facts) === true;
    case "one_of": {
      const value = scalar(atom.of, facts);
      return value !== undefined && atom.values.includes(value);
    }
    case "contains": {
      const set = facts.get(atom.set);
      const value = scalar(atom.of, facts);
      return set !== undefined && value !== undefined && (set as readonly WireScalar[]).includes(value);
    }
    case "has":
      return facts.get(atom.slot) !== undefined;
    case "role": {
      const held = facts.get(atom.slot) as readonly WireScalar[] | undefined;
      return held !== undefined && atom.roles.some((role) => held.includes(role));
    }
    case "within": {
      const entity = scalar(atom.entity, facts);
      const group = scalar(atom.group, facts);
      if (entity === undefined || group === undefined) return false;
      if (atom.same && entity === group) return true;
      if (atom.ancestors === null) return false;
      const ancestors = facts.get(atom.ancestors) as readonly WireScalar[] | undefined;
      return ancestors !== undefined && ancestors.includes(group);
    }
    case "related": {
      const from = scalar(atom.from, facts);
      const to = scalar(atom.to, facts);
      const pairs = facts.get(atom.slot) as readonly Pair[] | undefined;
      if (from === undefined || to === undefined || pairs === undefined) return false;
      return pairs.some((pair) => pair.from === from && pair.to === to);
    }
  }
}

function scalar(operand: Operand, facts: Facts): WireScalar | undefined {
  if (operand.kind === "constant") return operand.value;
  return (facts.get(operand.slot) as WireScalar | undefined) ?? operand.fallback ?? undefined;
}

function operandType(program: Program, operand: Operand): ScalarType {
  return operand.kind === "constant"
    ? operand.type
    : ((program.slots[operand.slot] as Slot).type as ScalarType);
}

function orderHolds(op: Exclude<CompareOp, "eq">, a: bigint, b: bigint): boolean {
  switch (op) {
    case "lt":
      return a < b;
    case "le":
      return a <= b;
    case "gt":
      return a > b;
    case "ge":
      return a >= b;
  }
}

/** A whole number that orders as the value does. */
function ordinal(value: WireScalar, type: ScalarType): bigint {
  switch (type.kind) {
    case "int":
    case "duration":
      return BigInt(value);
    case "decimal":
      return decimalUnits(value as string, type.precision, type.scale) as bigint;
    case "instant":
      return instantMicros(value as string) as bigint;
    case "bool":
    case "string":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
    case "date":
    case "time":
      throw new TypeError(`values of type ${type.kind} have no order`);
  }
}
