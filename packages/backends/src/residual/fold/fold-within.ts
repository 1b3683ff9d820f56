/** Hierarchies with what is known put in: a list of ids, a question to the ancestors of the row, or both. */
import type { Atom, Program, ScalarType, Slot, WireScalar } from "@wardline/core";
import { foldOperand, written, type FoldedOperand } from "./fold-operand.ts";
import { open, type KnownValues } from "./known-values.ts";
import { allOf, anyOf, leaf, type Folded } from "./tree.ts";

type Value = WireScalar | typeof open;

export function foldWithin(
  program: Program,
  atom: Extract<Atom, { kind: "within" }>,
): (values: KnownValues) => Folded {
  const { same, ancestors } = atom;
  const entity = foldOperand(program, atom.entity);
  const group = foldOperand(program, atom.group);
  const type = group.type ?? entity.type;
  if (type === null) throw new TypeError("a hierarchy of sets");
  if (ancestors !== null && (program.slots[ancestors] as Slot).type.kind !== "set")
    throw new TypeError(`slot ${ancestors} holds no ancestors`);
  return (values) => {
    const id = entity.read(values);
    const above = group.read(values);
    if (id === undefined || above === undefined) return false;
    const held =
      ancestors === null ? [] : (values[ancestors] as readonly WireScalar[] | undefined | typeof open);
    if (held !== open && id !== open)
      return isOneOf(group, above, same ? [id, ...(held ?? [])] : (held ?? []), type);
    const equal = same && equals([entity, id], [group, above], type);
    const isAbove =
      held === open
        ? leaf({ kind: "contains", set: ancestors as number, of: written(group, above), type })
        : isOneOf(group, above, held ?? [], type);
    return allOf([isThere(entity, id), anyOf([equal, isAbove])]);
  };
}

function isOneOf(of: FoldedOperand, value: Value, ids: readonly WireScalar[], type: ScalarType): Folded {
  if (value !== open) return ids.includes(value);
  return ids.length > 0 && leaf({ kind: "one_of", of: of.fact, values: ids, type });
}

function equals(
  [left, a]: readonly [FoldedOperand, Value],
  [right, b]: readonly [FoldedOperand, Value],
  type: ScalarType,
): Folded {
  if (a !== open && b !== open) return a === b;
  const [of, to] = a === open ? [written(left, a), written(right, b)] : [written(right, b), written(left, a)];
  return leaf({ kind: "compare", op: "eq", left: of, right: to, type });
}

/** Nothing is below or above a reference that is absent, whatever stands beside it. */
function isThere(of: FoldedOperand, value: Value): Folded {
  if (value !== open || of.always || of.fact.kind !== "fact") return true;
  return leaf({ kind: "has", fact: of.fact.fact });
}
