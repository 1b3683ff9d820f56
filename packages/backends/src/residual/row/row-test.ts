/** Atoms and trees as tests of a row, whose facts stand in an array by number. They never throw and never write. */
import type { CompareOp, Pair, WireScalar } from "@wardline/core";
import { inNetworks } from "../fold/fold-atom.ts";
import { compileAccepts, orderOf } from "../../closure/order.ts";
import type { RowAtom, RowOperand } from "../residual.ts";
import { textHolds } from "./text-holds.ts";
import type { Tree } from "../fold/tree.ts";

export type RowTest = (row: readonly unknown[]) => boolean;
type Read = (row: readonly unknown[]) => WireScalar | undefined;

export function testOfTree(tree: Tree): RowTest {
  switch (tree.kind) {
    case "atom":
      return testOfAtom(tree.atom);
    case "and": {
      const tests = tree.of.map(testOfTree);
      return (row) => tests.every((test) => test(row));
    }
    case "or": {
      const tests = tree.of.map(testOfTree);
      return (row) => tests.some((test) => test(row));
    }
    case "later":
      return testOfTree(tree.make());
  }
}

export function testOfAtom(atom: RowAtom): RowTest {
  switch (atom.kind) {
    case "compare":
      return atom.op === "eq" ? testOfEqual(atom.left, atom.right) : testOfOrder(atom.op, atom);
    case "truth": {
      const of = readOf(atom.of);
      return (row) => of(row) === true;
    }
    case "one_of": {
      const of = readOf(atom.of);
      const values = new Set<unknown>(atom.values);
      return (row) => values.has(of(row));
    }
    case "contains": {
      const { set } = atom;
      const of = readOf(atom.of);
      return (row) => {
        const held = row[set] as readonly WireScalar[] | undefined;
        const value = of(row);
        return held !== undefined && value !== undefined && held.includes(value);
      };
    }
    case "empty": {
      const { set } = atom;
      return (row) => (row[set] as readonly unknown[] | undefined)?.length === 0;
    }
    case "text": {
      const { op } = atom;
      const of = readOf(atom.of);
      const part = readOf(atom.part);
      return (row) => {
        const text = of(row);
        const sought = part(row);
        return typeof text === "string" && typeof sought === "string" && textHolds(op, text, sought);
      };
    }
    case "in_network": {
      const of = readOf(atom.of);
      const lies = inNetworks(atom.networks);
      return (row) => lies(of(row));
    }
    case "has": {
      const { fact } = atom;
      return (row) => row[fact] !== undefined;
    }
    case "related":
      return testOfRelated(atom);
  }
}

function readOf(operand: RowOperand): Read {
  if (operand.kind === "constant") {
    const { value } = operand;
    return () => value;
  }
  const { fact, fallback } = operand;
  if (fallback === null) return (row) => row[fact] as WireScalar | undefined;
  return (row) => (row[fact] as WireScalar | undefined) ?? fallback;
}

function testOfEqual(left: RowOperand, right: RowOperand): RowTest {
  const a = readOf(left);
  const b = readOf(right);
  return (row) => {
    const value = a(row);
    return value !== undefined && value === b(row);
  };
}

function testOfOrder(op: CompareOp, { left, right, type }: Extract<RowAtom, { kind: "compare" }>): RowTest {
  const a = readOf(left);
  const b = readOf(right);
  const order = orderOf(type);
  const accepts = compileAccepts(op);
  return (row) => {
    const x = a(row);
    const y = b(row);
    return x !== undefined && y !== undefined && accepts(order(x, y));
  };
}

function testOfRelated({ relation, from, to }: Extract<RowAtom, { kind: "related" }>): RowTest {
  const a = readOf(from);
  const b = readOf(to);
  return (row) => {
    const [start, end] = [a(row), b(row)];
    const pairs = row[relation] as readonly Pair[] | undefined;
    if (start === undefined || end === undefined || pairs === undefined) return false;
    return pairs.some((pair) => pair.from === start && pair.to === end);
  };
}
