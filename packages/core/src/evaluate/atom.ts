import type { Pair } from "../decision/request.ts";
import type { Atom, CompareOp, Operand } from "../ir/atom.ts";
import type { Program } from "../ir/program.ts";
import type { Slot } from "../ir/slot.ts";
import type { ScalarType } from "../value/type.ts";
import { isInNetwork, parseIp, parseNetwork, type IpAddress } from "../value/ip.ts";
import { ordinalOf } from "../value/ordinal.ts";
import type { WireScalar } from "../value/wire.ts";
import type { Facts } from "./facts.ts";

/** The value of an atom. An atom that reads an absent path is false. */
export function atomHolds(program: Program, atom: Atom, facts: Pick<Facts, "get">): boolean {
  switch (atom.kind) {
    case "compare": {
      const left = scalar(atom.left, facts);
      const right = scalar(atom.right, facts);
      if (left === undefined || right === undefined) return false;
      const isMoved = atom.left.kind === "now" || atom.right.kind === "now";
      if (atom.op === "eq" && !isMoved) return left === right;
      return orderHolds(
        atom.op,
        ordinal(left, operandType(program, atom.left)) + offsetOf(atom.left),
        ordinal(right, operandType(program, atom.right)) + offsetOf(atom.right),
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
    case "empty": {
      const set = facts.get(atom.set);
      return set !== undefined && (set as readonly WireScalar[]).length === 0;
    }
    case "text": {
      const text = scalar(atom.of, facts);
      const part = scalar(atom.part, facts);
      return text !== undefined && part !== undefined && textHolds(atom.op, text as string, part as string);
    }
    case "in_network": {
      const address = parseIp((scalar(atom.of, facts) ?? "") as string);
      return address !== undefined && atom.networks.some((network) => lies(address, network));
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

function scalar(operand: Operand, facts: Pick<Facts, "get">): WireScalar | undefined {
  if (operand.kind === "constant") return operand.value;
  if (operand.kind === "now") return facts.get(operand.slot) as WireScalar | undefined;
  return (facts.get(operand.slot) as WireScalar | undefined) ?? operand.fallback ?? undefined;
}

function operandType(program: Program, operand: Operand): ScalarType {
  return operand.kind === "constant"
    ? operand.type
    : ((program.slots[operand.slot] as Slot).type as ScalarType);
}

function offsetOf(operand: Operand): bigint {
  return operand.kind === "now" ? BigInt(operand.offset) : 0n;
}

function textHolds(op: "starts_with" | "ends_with" | "contains", text: string, part: string): boolean {
  // Both are well formed, so that no match begins inside of a surrogate pair.
  switch (op) {
    case "starts_with":
      return text.startsWith(part);
    case "ends_with":
      return text.endsWith(part);
    case "contains":
      return text.includes(part);
  }
}

function lies(address: IpAddress, text: string): boolean {
  const network = parseNetwork(text);
  return network !== undefined && isInNetwork(address, network);
}

function orderHolds(op: CompareOp, a: bigint, b: bigint): boolean {
  switch (op) {
    case "eq":
      return a === b;
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

/** A whole number that orders as the value does. Throws a TypeError for a type without order. */
function ordinal(value: WireScalar, type: ScalarType): bigint {
  const found = ordinalOf(value, type);
  if (found === undefined) throw new TypeError(`values of type ${type.kind} have no order`);
  return found;
}
