/** An atom as a closure over the state. An atom that reads an absent fact is false; it never throws and never writes. */
import { beyond } from "../beyond.ts";
import type { Atom, CompareOp, Operand, Pair, Program, ScalarType, Slot, WireScalar } from "@wardline/core";
import { orderDecimals, orderInstants, orderNumbers } from "./order.ts";
import type { State, Test } from "./state.ts";

type Read = (state: State) => WireScalar | undefined;
type Order = (a: WireScalar, b: WireScalar) => number;

export function compileAtom(program: Program, atom: Atom): Test {
  switch (atom.kind) {
    case "compare":
      return atom.op === "eq"
        ? compileEquals(atom.left, atom.right)
        : compileOrder(program, atom.op, atom.left, atom.right);
    case "truth": {
      const of = compileOperand(atom.of);
      return (state) => of(state) === true;
    }
    case "one_of": {
      const of = compileOperand(atom.of);
      const values = new Set<unknown>(atom.values);
      return (state) => values.has(of(state));
    }
    case "contains": {
      const { set } = atom;
      const of = compileOperand(atom.of);
      return (state) => holds(state.facts[set], of(state));
    }
    case "empty":
    case "text":
    case "in_network":
      return beyond(atom.kind);
    case "has": {
      const { slot } = atom;
      return (state) => state.facts[slot] !== undefined;
    }
    case "role":
      return compileRole(atom.slot, atom.roles);
    case "within":
      return compileWithin(atom);
    case "related":
      return compileRelated(atom);
  }
}

function compileOperand(operand: Operand): Read {
  if (operand.kind === "constant") {
    const { value } = operand;
    return () => value;
  }
  if (operand.kind === "now") return beyond("now moved by a duration");
  const { slot, fallback } = operand;
  if (fallback === null) return (state) => state.facts[slot] as WireScalar | undefined;
  return (state) => (state.facts[slot] as WireScalar | undefined) ?? fallback;
}

function compileEquals(left: Operand, right: Operand): Test {
  const a = compileOperand(left);
  const b = compileOperand(right);
  return (state) => {
    const value = a(state);
    return value !== undefined && value === b(state);
  };
}

function compileOrder(program: Program, op: Exclude<CompareOp, "eq">, left: Operand, right: Operand): Test {
  const a = compileOperand(left);
  const b = compileOperand(right);
  const order = orderOf(typeOf(program, left), typeOf(program, right));
  const accepts = compileAccepts(op);
  return (state) => {
    const x = a(state);
    const y = b(state);
    return x !== undefined && y !== undefined && accepts(order(x, y));
  };
}

function compileAccepts(op: Exclude<CompareOp, "eq">): (order: number) => boolean {
  switch (op) {
    case "lt":
      return (order) => order < 0;
    case "le":
      return (order) => order <= 0;
    case "gt":
      return (order) => order > 0;
    case "ge":
      return (order) => order >= 0;
  }
}

function typeOf(program: Program, operand: Operand): ScalarType {
  return operand.kind === "constant"
    ? operand.type
    : ((program.slots[operand.slot] as Slot).type as ScalarType);
}

function orderOf(left: ScalarType, right: ScalarType): Order {
  // Invariant: both sides are of one type; texts of decimals order only at one scale.
  const scales = left.kind === "decimal" && right.kind === "decimal" && left.scale !== right.scale;
  if (left.kind !== right.kind || scales) throw new TypeError("the sides of a comparison differ in type");
  switch (left.kind) {
    case "int":
    case "duration":
      return orderNumbers as Order;
    case "decimal":
      return orderDecimals as Order;
    case "instant":
      return orderInstants as Order;
    case "bool":
    case "string":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
    case "date":
    case "time":
      throw new TypeError(`values of type ${left.kind} have no order`);
  }
}

/** True if the list is present and holds the value, which is present. */
function holds(list: unknown, value: WireScalar | undefined): boolean {
  return list !== undefined && value !== undefined && (list as readonly WireScalar[]).includes(value);
}

function compileRole(slot: number, roles: readonly string[]): Test {
  const wanted = new Set<unknown>(roles);
  return (state) => {
    const held = state.facts[slot] as readonly unknown[] | undefined;
    if (held === undefined) return false;
    for (let i = 0; i < held.length; i += 1) if (wanted.has(held[i])) return true;
    return false;
  };
}

function compileWithin(atom: Extract<Atom, { kind: "within" }>): Test {
  const entity = compileOperand(atom.entity);
  const group = compileOperand(atom.group);
  const { same, ancestors } = atom;
  return (state) => {
    const a = entity(state);
    const b = group(state);
    if (a === undefined || b === undefined) return false;
    if (same && a === b) return true;
    return ancestors !== null && holds(state.facts[ancestors], b);
  };
}

function compileRelated(atom: Extract<Atom, { kind: "related" }>): Test {
  const from = compileOperand(atom.from);
  const to = compileOperand(atom.to);
  const { slot } = atom;
  return (state) => {
    const a = from(state);
    const b = to(state);
    const pairs = state.facts[slot] as readonly Pair[] | undefined;
    if (a === undefined || b === undefined || pairs === undefined) return false;
    for (const pair of pairs) if (pair.from === a && pair.to === b) return true;
    return false;
  };
}
