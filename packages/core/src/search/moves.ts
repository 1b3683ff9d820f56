/** Changes of a request's facts that make one atom true or false. */
import type { Pair } from "../decision/request.ts";
import type { Fact } from "../evaluate/facts.ts";
import { atomHolds } from "../evaluate/atom.ts";
import type { Atom, Operand } from "../ir/atom.ts";
import { operandsOf, slotsOfAtom } from "../ir/reads.ts";
import { referenceSource } from "../ir/slot.ts";
import type { ScalarType } from "../value/type.ts";
import { isWireValue, type WireScalar } from "../value/wire.ts";
import { ordinalOf } from "../value/ordinal.ts";
import { neighbours } from "./ordinary-values.ts";
import { mayBeAbsent, type Pools } from "./pools.ts";
import type { Random } from "./random.ts";
import { atomAt, slotAt, type Space } from "./space.ts";

export type Move = readonly (readonly [slot: number, value: Fact])[];

/** What moves are made from. `isFixed`: the slot keeps its fact. */
export interface Board {
  readonly space: Space;
  readonly pools: Pools;
  readonly isFixed: (slot: number) => boolean;
  readonly behind: ReadonlyMap<number, readonly number[]>;
}

/** The most values that are tried in one slot for one atom, and the most moves that are made of them. */
const [maxTries, maxMoves] = [24, 8];

/** Moves after which the atom has the wanted value, in an order drawn at random. Empty where none was found. */
export function movesFor(
  board: Board,
  facts: ReadonlyMap<number, Fact>,
  id: number,
  wanted: boolean,
  random: Random,
): readonly Move[] {
  const { space, pools, isFixed } = board;
  const atom = atomAt(space, id);
  const slots = [...new Set(slotsOfAtom(atom))].filter((slot) => !isFixed(slot));
  const filled = wanted ? fillAbsent(board, facts, atom, random) : [];
  if (filled === undefined) return [];
  const base = filled.length === 0 ? facts : new Map([...facts, ...filled]);
  const moves: Move[] = [];
  if (filled.length > 0 && atomHolds(space.program, atom, base)) moves.push(filled);
  for (const slot of random.some(slots, slots.length)) {
    const most = moves.length + Math.ceil(maxMoves / slots.length);
    for (const value of candidates(board, base, atom, slot, random)) {
      if (moves.length >= most) break;
      const changedFacts = { get: (at: number) => (at === slot ? value : base.get(at)) };
      if (!isProper(space, slot, value) || atomHolds(space.program, atom, changedFacts) !== wanted) continue;
      const move: Move = [...filled.filter(([other]) => other !== slot), [slot, value]];
      moves.push(move);
      // What stands behind a reference may be tied to the principal: then it is so of another entity.
      for (const reference of board.behind.get(slot) ?? []) {
        const others = (pools.get(reference) ?? []).filter(
          (ref) => ref !== undefined && ref !== facts.get(reference),
        );
        if (!isFixed(reference) && others.length > 0) moves.push([...move, [reference, random.pick(others)]]);
      }
    }
  }
  return random.some(moves, moves.length);
}

function isProper(space: Space, id: number, value: Fact): boolean {
  const { source, type } = slotAt(space, id);
  return value === undefined || source.from === "relation" || isWireValue(value, type);
}

/**
 * Some value for each slot of the atom that is absent, and for the references that it stands behind; undefined where one
 * has to stay so.
 */
function fillAbsent(
  board: Board,
  facts: ReadonlyMap<number, Fact>,
  atom: Atom,
  random: Random,
): Move | undefined {
  const { pools, isFixed, behind } = board;
  const fallbacks = fallbackSlots(atom);
  const wanted = slotsOfAtom(atom).filter((slot) => !fallbacks.has(slot));
  const filled = new Map<number, Fact>();
  for (const slot of wanted.flatMap((id) => [id, ...(behind.get(id) ?? [])])) {
    if (facts.get(slot) !== undefined || filled.has(slot)) continue;
    const values = (pools.get(slot) ?? []).filter((value) => value !== undefined);
    if (isFixed(slot) || values.length === 0) return undefined;
    filled.set(slot, random.pick(values));
  }
  return [...filled];
}

/** Slot → the references without which nothing stands there. */
export function referencesBehind(space: Space): ReadonlyMap<number, readonly number[]> {
  const bySource = new Map(space.slots.map((id) => [JSON.stringify(slotAt(space, id).source), id]));
  const behind = (id: number): readonly number[] => {
    const { source } = slotAt(space, id);
    const reference = source.from === "reference" ? referenceSource(source.of) : null;
    const found = reference === null ? undefined : bySource.get(JSON.stringify(reference));
    return found === undefined ? [] : [found, ...behind(found)];
  };
  return new Map(space.slots.map((id) => [id, behind(id)]));
}

/** The slots that another value stands in for where they are absent. */
export function fallbackSlots(atom: Atom): ReadonlySet<number> {
  return new Set(operandsOf(atom).flatMap((o) => (o.kind === "slot" && o.fallback !== null ? o.slot : [])));
}

/** Values worth trying in one slot: those that the atom's other side suggests, and the pool's. */
function candidates(
  board: Board,
  facts: ReadonlyMap<number, Fact>,
  atom: Atom,
  slot: number,
  random: Random,
): readonly Fact[] {
  const pool = board.pools.get(slot) ?? [];
  const absent: readonly Fact[] = mayBeAbsent(board.space, slot) ? [undefined] : [];
  const values = [...suggested(board, facts, atom, slot, random), ...random.some(pool, maxTries), ...absent];
  const seen = new Set([valueKey(facts.get(slot))]);
  const different: Fact[] = [];
  for (const value of values) {
    if (different.length === maxTries) break;
    const key = valueKey(value);
    if (seen.has(key)) continue;
    seen.add(key);
    different.push(value);
  }
  return different;
}

/** Equal for equal values of one slot. */
function valueKey(value: Fact): unknown {
  return typeof value === "object" ? JSON.stringify(value) : value;
}

function suggested(
  { space, pools }: Board,
  facts: ReadonlyMap<number, Fact>,
  atom: Atom,
  slot: number,
  random: Random,
): readonly Fact[] {
  const valueOf = (operand: Operand): WireScalar | undefined => {
    if (operand.kind === "constant") return operand.value;
    const value = facts.get(operand.slot) as WireScalar | undefined;
    return value ?? (operand.kind === "slot" ? (operand.fallback ?? undefined) : undefined);
  };
  const isAt = (operand: Operand) => operand.kind !== "constant" && operand.slot === slot;
  const scalar = () => slotAt(space, slot).type as ScalarType;
  const set = () => (facts.get(slot) ?? []) as readonly WireScalar[];
  const given = (value: WireScalar | undefined): readonly Fact[] => (value === undefined ? [] : [value]);
  switch (atom.kind) {
    case "compare":
      return [
        ...(isAt(atom.left) ? beside(space, atom.left, atom.right, valueOf(atom.right), scalar()) : []),
        ...(isAt(atom.right) ? beside(space, atom.right, atom.left, valueOf(atom.left), scalar()) : []),
      ];
    case "contains": {
      const value = valueOf(atom.of);
      if (slot === atom.set && value !== undefined)
        return [[...set().filter((v) => v !== value), value], set().filter((v) => v !== value), []];
      return [...((facts.get(atom.set) ?? []) as readonly WireScalar[])];
    }
    case "text": {
      const [text, part] = [valueOf(atom.of), valueOf(atom.part)];
      if (isAt(atom.of) && part !== undefined)
        return [part, `${part}x`, `x${part}`, `x${part}x`, ""].map(String);
      return text === undefined ? [] : ["", String(text), `${text}x`];
    }
    case "role": {
      const others = set().filter((role) => !atom.roles.includes(String(role)));
      return [[...others, random.pick(atom.roles)], others, ...atom.roles.map((role) => [role])];
    }
    case "within": {
      const [entity, group] = [valueOf(atom.entity), valueOf(atom.group)];
      if (slot === atom.ancestors && group !== undefined)
        return [[...set().filter((v) => v !== group), group], set().filter((v) => v !== group), []];
      const above =
        atom.ancestors === null ? [] : ((facts.get(atom.ancestors) ?? []) as readonly WireScalar[]);
      if (isAt(atom.group)) return [...above, ...(atom.same ? given(entity) : [])];
      return atom.same ? given(group) : [];
    }
    case "related": {
      const [from, to] = [valueOf(atom.from), valueOf(atom.to)];
      if (slot !== atom.slot || from === undefined || to === undefined) return [];
      const pairs = ((facts.get(slot) ?? []) as readonly Pair[]).filter(
        (p) => p.from !== from || p.to !== to,
      );
      return [[...pairs, { from: String(from), to: String(to) }], pairs];
    }
    case "truth":
    case "one_of":
    case "empty":
    case "in_network":
    case "has":
      return (pools.get(slot) ?? []).slice(0, 4);
  }
}

/** Values at, just below and just above what the slot is compared with; equal for types without order. */
function beside(
  space: Space,
  own: Operand,
  other: Operand,
  value: WireScalar | undefined,
  type: ScalarType,
): readonly Fact[] {
  if (value === undefined) return [];
  const ordinal = ordinalOf(
    value,
    other.kind === "constant" ? other.type : (slotAt(space, other.slot).type as ScalarType),
  );
  if (ordinal === undefined) return [value];
  const offset = (operand: Operand) => (operand.kind === "now" ? BigInt(operand.offset) : 0n);
  return neighbours(ordinal + offset(other) - offset(own), type);
}
