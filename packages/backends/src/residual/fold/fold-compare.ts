/** Comparisons with what is known put in. An instant moved out of the calendar is compared all the same. */
import {
  ordinalOf,
  type Atom,
  type CompareOp,
  type Operand,
  type Program,
  type ScalarType,
} from "@wardline/core";
import type { WireScalar } from "@wardline/core";
import { foldOperand, type FoldedOperand } from "./fold-operand.ts";
import { open, type KnownValues } from "./known-values.ts";
import { instantAt, instantBounds } from "./instant-at.ts";
import { compileAccepts, orderOf } from "../../closure/order.ts";
import type { RowOperand } from "../residual.ts";
import { leaf, type Folded, type Tree } from "./tree.ts";

type Fold = (values: KnownValues) => Folded;
type Compare = Extract<Atom, { kind: "compare" }>;

export function foldCompare(program: Program, atom: Compare): Fold {
  const { op } = atom;
  const left = foldOperand(program, atom.left);
  const right = foldOperand(program, atom.right);
  const type = left.type ?? right.type;
  // Invariant: both sides are of one type that has values; else their order means nothing.
  if (type === null || left.type?.kind !== right.type?.kind)
    throw new TypeError("the sides of a comparison differ in type");
  if (atom.left.kind === "now" || atom.right.kind === "now")
    return foldMoved(op, [left, right], [offsetOf(atom.left), offsetOf(atom.right)]);
  const holds = compileHolds(op, type);
  const turned = mirrored[op];
  // Two facts of the row, or one and a constant: the same question whoever asks.
  const asked =
    left.fact.kind === "constant"
      ? questionOf(turned, right.fact, left.fact, type)
      : questionOf(op, left.fact, right.fact, type);
  const isFixed = left.fact.kind === "constant" || right.fact.kind === "constant";
  return (values) => {
    const a = left.read(values);
    const b = right.read(values);
    if (a === undefined || b === undefined) return false;
    if (a === open)
      return b === open || isFixed ? asked : questionOf(op, left.fact, { kind: "constant", value: b }, type);
    if (b === open)
      return isFixed ? asked : questionOf(turned, right.fact, { kind: "constant", value: a }, type);
    return holds(a, b);
  };
}

/** A value stands to the right. */
function questionOf(op: CompareOp, left: RowOperand, right: RowOperand, type: ScalarType): Tree {
  return { kind: "atom", atom: { kind: "compare", op, left, right, type } };
}

function compileHolds(op: CompareOp, type: ScalarType): (a: WireScalar, b: WireScalar) => boolean {
  if (op === "eq") return (a, b) => a === b;
  const order = orderOf(type);
  const accepts = compileAccepts(op);
  return (a, b) => accepts(order(a, b));
}

function offsetOf(operand: Operand): bigint {
  return operand.kind === "now" ? BigInt(operand.offset) : 0n;
}

/** Of two instants by number. */
function momentsHold(op: CompareOp, a: bigint, b: bigint): boolean {
  return compileAccepts(op)(a === b ? 0 : a < b ? -1 : 1);
}

const mirrored: { readonly [Op in CompareOp]: CompareOp } = {
  eq: "eq",
  lt: "gt",
  le: "ge",
  gt: "lt",
  ge: "le",
};

/** One side, or both, is `now` moved; what is not of the row is worked out when the question is looked at. */
function foldMoved(
  op: CompareOp,
  [left, right]: readonly [FoldedOperand, FoldedOperand],
  [before, after]: readonly [bigint, bigint],
): Fold {
  const type: ScalarType = { kind: "instant" };
  return (values) => {
    const a = left.read(values);
    const b = right.read(values);
    if (a === undefined || b === undefined) return false;
    if (a === open) {
      if (b === open) throw new TypeError("`now` comes with no row");
      return ofRow(op, left, ordinal(b, type) + after);
    }
    if (b === open) return ofRow(mirrored[op], right, ordinal(a, type) + before);
    return momentsHold(op, ordinal(a, type) + before, ordinal(b, type) + after);
  };
}

/** A fact of the row, compared with an instant that may lie beyond the years that a text can have. */
function ofRow(op: CompareOp, fact: FoldedOperand, micros: bigint): Folded {
  const [first, last] = instantBounds;
  const type: ScalarType = { kind: "instant" };
  if (micros >= first && micros <= last)
    return {
      kind: "later",
      make: () =>
        leaf({
          kind: "compare",
          op,
          left: fact.fact,
          right: { kind: "constant", value: instantAt(micros) },
          type,
        }),
    };
  // Every instant lies on one side of it.
  if (!momentsHold(op, 0n, micros < first ? -1n : 1n)) return false;
  if (fact.always || fact.fact.kind !== "fact") return true;
  return leaf({ kind: "has", fact: fact.fact.fact });
}

function ordinal(value: WireScalar, type: ScalarType): bigint {
  const found = ordinalOf(value, type);
  if (found === undefined) throw new TypeError(`values of type ${type.kind} have no order`);
  return found;
}
