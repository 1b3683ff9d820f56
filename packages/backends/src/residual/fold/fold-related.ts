/** Relations with what is known put in: with their pairs known, what is left is which ids the row may have. */
import type { Atom, Pair, Program, ScalarType, WireScalar } from "@wardline/core";
import { foldOperand, written, type FoldedOperand } from "./fold-operand.ts";
import { open, type KnownValues } from "./known-values.ts";
import { leaf, type Folded, type Tree } from "./tree.ts";

export function foldRelated(
  program: Program,
  atom: Extract<Atom, { kind: "related" }>,
): (values: KnownValues) => Folded {
  const { slot } = atom;
  const from = foldOperand(program, atom.from);
  const to = foldOperand(program, atom.to);
  return (values) => {
    const a = from.read(values);
    const b = to.read(values);
    const pairs = values[slot] as readonly Pair[] | undefined | typeof open;
    if (a === undefined || b === undefined || pairs === undefined) return false;
    if (pairs === open)
      return leaf({ kind: "related", relation: slot, from: written(from, a), to: written(to, b) });
    if (a === open && b === open)
      return pairs.length > 0 && { kind: "later", make: () => oneOfPairs(from, to, pairs) };
    const left = pairs.filter((pair) => (a === open || pair.from === a) && (b === open || pair.to === b));
    if (left.length === 0) return false;
    if (a === open)
      return isOneOf(
        from,
        left.map((pair) => pair.from),
      );
    return (
      b !== open ||
      isOneOf(
        to,
        left.map((pair) => pair.to),
      )
    );
  };
}

/** Both ends are the row's: for each first end, the second ones. */
function oneOfPairs(from: FoldedOperand, to: FoldedOperand, pairs: readonly Pair[]): Tree {
  const ends = Map.groupBy(pairs, (pair) => pair.from);
  const of = [...ends].map(([id, group]): Tree => ({
    kind: "and",
    of: [
      isOneOf(from, [id]),
      isOneOf(
        to,
        group.map((pair) => pair.to),
      ),
    ],
  }));
  return of.length === 1 ? (of[0] as Tree) : { kind: "or", of };
}

function isOneOf(of: FoldedOperand, values: readonly WireScalar[]): Tree {
  return leaf({ kind: "one_of", of: of.fact, values, type: of.type as ScalarType });
}
