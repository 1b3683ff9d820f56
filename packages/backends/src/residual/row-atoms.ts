/** The atoms of a document: each once, its facts numbered as the document has them, its values in one order. */
import type { WireScalar } from "@wardline/core";
import type { RowAtom, RowOperand } from "./residual.ts";

export interface RowAtoms {
  readonly atoms: readonly RowAtom[];
  /** The number of the atom. */
  add(atom: RowAtom): number;
}

/** `place`: the document's number of a fact. */
export function createRowAtoms(place: (slot: number) => number): RowAtoms {
  const atoms: RowAtom[] = [];
  const known = new Map<string, number>();
  return {
    atoms,
    add(atom) {
      const written = writeAtom(atom, place);
      const key = JSON.stringify(written);
      const found = known.get(key) ?? atoms.push(written) - 1;
      known.set(key, found);
      return found;
    },
  };
}

function writeAtom(atom: RowAtom, place: (slot: number) => number): RowAtom {
  const operand = (of: RowOperand): RowOperand => (of.kind === "fact" ? { ...of, fact: place(of.fact) } : of);
  switch (atom.kind) {
    case "compare":
      return { ...atom, left: operand(atom.left), right: operand(atom.right) };
    case "truth":
    case "in_network":
      return { ...atom, of: operand(atom.of) };
    case "one_of": {
      const of = operand(atom.of);
      const values = [...new Set(atom.values)].toSorted(byValue);
      const [only] = values;
      if (only === undefined || values.length > 1) return { ...atom, of, values };
      return {
        kind: "compare",
        op: "eq",
        left: of,
        right: { kind: "constant", value: only },
        type: atom.type,
      };
    }
    case "contains":
      return { ...atom, set: place(atom.set), of: operand(atom.of) };
    case "empty":
      return { ...atom, set: place(atom.set) };
    case "text":
      return { ...atom, of: operand(atom.of), part: operand(atom.part) };
    case "has":
      return { ...atom, fact: place(atom.fact) };
    case "related":
      return { ...atom, relation: place(atom.relation), from: operand(atom.from), to: operand(atom.to) };
  }
}

/** Numbers by size, texts by code unit, false before true. */
function byValue(a: WireScalar, b: WireScalar): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
