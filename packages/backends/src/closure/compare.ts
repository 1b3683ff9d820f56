/** Comparisons as closures. Those of numbers, and of a fact with a constant, are the ones that policies are made of. */
import type { CompareOp, Operand, Program, ScalarType } from "@wardline/core";
import { bareSlot, compileOperand, operandType } from "./operand.ts";
import { compileAccepts, orderMoved, orderNumbers, orderOf, type Order } from "./order.ts";
import type { Test } from "./state.ts";

type OrderOp = Exclude<CompareOp, "eq">;

export function compileCompare(program: Program, op: CompareOp, left: Operand, right: Operand): Test {
  if (left.kind === "now" || right.kind === "now") return compileMoved(program, op, left, right);
  return op === "eq" ? compileEquals(left, right) : compileOrder(program, op, left, right);
}

function compileEquals(left: Operand, right: Operand): Test {
  const [x, y] = [bareSlot(left), bareSlot(right)];
  if (x !== undefined && y !== undefined)
    return ({ facts }) => {
      const value = facts[x];
      return value !== undefined && value === facts[y];
    };
  if (x !== undefined && right.kind === "constant") {
    const { value } = right;
    return ({ facts }) => facts[x] === value;
  }
  const a = compileOperand(left);
  const b = compileOperand(right);
  return (state) => {
    const value = a(state);
    return value !== undefined && value === b(state);
  };
}

function compileOrder(program: Program, op: OrderOp, left: Operand, right: Operand): Test {
  const order = commonOrder(operandType(program, left), operandType(program, right));
  if (order === orderNumbers) return compileNumbers(op, left, right);
  const a = compileOperand(left);
  const b = compileOperand(right);
  const accepts = compileAccepts(op);
  return (state) => {
    const x = a(state);
    const y = b(state);
    return x !== undefined && y !== undefined && accepts(order(x, y));
  };
}

/** A comparison with an absent number is false, as one with NaN is. */
function compileNumbers(op: OrderOp, left: Operand, right: Operand): Test {
  const [x, y] = [bareSlot(left), bareSlot(right)];
  if (x !== undefined && y !== undefined)
    switch (op) {
      case "lt":
        return ({ facts }) => (facts[x] as number) < (facts[y] as number);
      case "le":
        return ({ facts }) => (facts[x] as number) <= (facts[y] as number);
      case "gt":
        return ({ facts }) => (facts[x] as number) > (facts[y] as number);
      case "ge":
        return ({ facts }) => (facts[x] as number) >= (facts[y] as number);
    }
  if (x !== undefined && right.kind === "constant") return compileNumber(op, x, right.value as number);
  const a = compileOperand(left);
  const b = compileOperand(right);
  const accepts = compileAccepts(op);
  return (state) => {
    const n = a(state);
    const m = b(state);
    return n !== undefined && m !== undefined && accepts(orderNumbers(n as number, m as number));
  };
}

function compileNumber(op: OrderOp, slot: number, bound: number): Test {
  switch (op) {
    case "lt":
      return ({ facts }) => (facts[slot] as number) < bound;
    case "le":
      return ({ facts }) => (facts[slot] as number) <= bound;
    case "gt":
      return ({ facts }) => (facts[slot] as number) > bound;
    case "ge":
      return ({ facts }) => (facts[slot] as number) >= bound;
  }
}

/** Instants, one of which is `now` moved by a duration. */
function compileMoved(program: Program, op: CompareOp, left: Operand, right: Operand): Test {
  for (const operand of [left, right]) {
    const { kind } = operandType(program, operand);
    if (kind !== "instant") throw new TypeError(`now is not compared with a value of type ${kind}`);
  }
  const [a, b] = [compileOperand(left), compileOperand(right)];
  const [aOffset, bOffset] = [offsetOf(left), offsetOf(right)];
  const accepts = compileAccepts(op);
  return (state) => {
    const x = a(state) as string | undefined;
    const y = b(state) as string | undefined;
    return x !== undefined && y !== undefined && accepts(orderMoved(x, aOffset, y, bOffset));
  };
}

function offsetOf(operand: Operand): number {
  return operand.kind === "now" ? operand.offset : 0;
}

function commonOrder(left: ScalarType, right: ScalarType): Order {
  // Invariant: both sides are of one type; texts of decimals order only at one scale.
  const scales = left.kind === "decimal" && right.kind === "decimal" && left.scale !== right.scale;
  if (left.kind !== right.kind || scales) throw new TypeError("the sides of a comparison differ in type");
  return orderOf(left);
}
