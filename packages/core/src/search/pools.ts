/** The values that a search tries in each slot: the boundaries of every literal, what the type has at its ends, absence. */
import type { Fact } from "../evaluate/facts.ts";
import type { Operand } from "../ir/atom.ts";
import type { ScalarType } from "../value/type.ts";
import { maxInt } from "../value/type.ts";
import { isWireScalar, type WireScalar } from "../value/wire.ts";
import { ordinalOf } from "../value/ordinal.ts";
import { idsOf, neighbours, networkEdges, ordinaryNow, ordinaryValues } from "./ordinary-values.ts";
import { atomAt, slotAt, type Space } from "./space.ts";

/** Slot → the values to try, the most ordinary last. Every value is a proper one; `undefined` stands for absence. */
export type Pools = ReadonlyMap<number, readonly Fact[]>;

/** The most values of one slot. */
const maxValues = 48;

export function poolsOf(space: Space): Pools {
  const literals = literalsOf(space);
  return new Map(
    space.slots.map((id) => {
      const pool = valuesOf(space, id, [...(literals.get(id)?.values() ?? [])]);
      const values = pool.slice(0, maxValues);
      const last = pool.at(-1);
      // The most ordinary stays, however many literals there are.
      if (pool.length > maxValues) values[maxValues - 1] = last;
      return [id, mayBeAbsent(space, id) ? [undefined, ...values] : values];
    }),
  );
}

/** A slot that is optional, or stands behind a reference that is. */
export function mayBeAbsent(space: Space, id: number): boolean {
  return slotAt(space, id).optional;
}

function valuesOf(space: Space, id: number, literals: readonly WireScalar[]): Fact[] {
  const { model, tenant } = space.program;
  const { type, source } = slotAt(space, id);
  switch (source.from) {
    case "tenant":
      return [tenant];
    case "relation":
      return [[]];
    case "limit":
      return source.part === "left" ? [0, maxInt, 1] : [0, 60_000_000];
    case "principal":
      if (source.part === "tenant") return [otherTenant(tenant), tenant];
      if (source.part === "type") return [space.principal];
      if (source.part === "roles") return [...subsets(literals), []];
      break;
    case "row":
      if (source.part === "tenant") return [tenant];
      break;
    case "now":
      return [...literals, ordinaryNow];
    case "principal_attribute":
    case "row_attribute":
    case "tenant_attribute":
    case "context":
    case "clock":
    case "reference":
    case "ancestors":
      break;
  }
  if (type.kind !== "set") {
    const ordinary = ordinaryValues(model, type).toReversed();
    return [...new Set([...literals, ...ordinary])].filter((value) => isWireScalar(value, type));
  }
  const { of } = type;
  const elements = [...literals, ...ordinaryValues(model, of).slice(0, 2)].filter((v) => isWireScalar(v, of));
  return [...subsets([...new Set(elements)]), []];
}

function subsets(elements: readonly WireScalar[]): readonly Fact[] {
  return [...elements.map((element) => [element]), ...(elements.length > 1 ? [[...elements]] : [])];
}

/** The name of a tenant that is not this one. */
export function otherTenant(tenant: string): string {
  return tenant === "elsewhere" ? "abroad" : "elsewhere";
}

/** Slot → the values that atoms compare it with, and their neighbours. */
function literalsOf(space: Space): ReadonlyMap<number, ReadonlySet<WireScalar>> {
  const found = new Map<number, Set<WireScalar>>();
  const add = (slot: number, values: readonly WireScalar[]) => {
    const known = found.get(slot) ?? new Set();
    found.set(slot, known);
    for (const value of values) known.add(value);
  };
  const scalarOf = (slot: number): ScalarType => {
    const { type } = slotAt(space, slot);
    return type.kind === "set" ? type.of : type;
  };
  const around = (operand: Operand, value: WireScalar, type: ScalarType) => {
    if (operand.kind === "constant") return;
    const own = scalarOf(operand.slot);
    const ordinal = ordinalOf(value, type);
    if (ordinal === undefined) return add(operand.slot, [value]);
    const offset = operand.kind === "now" ? BigInt(operand.offset) : 0n;
    add(operand.slot, neighbours(ordinal - offset, own));
  };
  const fallback = (operand: Operand) => {
    if (operand.kind === "slot" && operand.fallback !== null)
      around(operand, operand.fallback, scalarOf(operand.slot));
  };
  for (const id of space.atoms) {
    const atom = atomAt(space, id);
    switch (atom.kind) {
      case "compare":
        for (const [one, other] of [
          [atom.left, atom.right],
          [atom.right, atom.left],
        ] as const) {
          if (other.kind === "constant") around(one, other.value, other.type);
          fallback(one);
        }
        break;
      case "truth":
        fallback(atom.of);
        break;
      case "one_of":
        for (const value of atom.values) around(atom.of, value, atom.type);
        fallback(atom.of);
        break;
      case "contains":
        if (atom.of.kind === "constant") add(atom.set, [atom.of.value]);
        fallback(atom.of);
        break;
      case "text":
        if (atom.of.kind === "slot" && atom.part.kind === "constant")
          add(atom.of.slot, textEdges(String(atom.part.value)));
        fallback(atom.of);
        fallback(atom.part);
        break;
      case "in_network":
        if (atom.of.kind === "slot") add(atom.of.slot, atom.networks.flatMap(networkEdges));
        fallback(atom.of);
        break;
      case "role":
        add(atom.slot, atom.roles);
        break;
      case "within":
        if (atom.group.kind === "constant") {
          if (atom.ancestors !== null) add(atom.ancestors, [atom.group.value]);
          if (atom.same) around(atom.entity, atom.group.value, atom.group.type);
        }
        if (atom.ancestors !== null && atom.group.kind === "slot")
          add(atom.ancestors, idsOf(space.program.model, entityOf(scalarOf(atom.group.slot))));
        break;
      case "related":
        for (const [operand, other] of [
          [atom.from, atom.to],
          [atom.to, atom.from],
        ] as const)
          if (other.kind === "constant") fallback(operand);
        break;
      case "empty":
      case "has":
        break;
    }
  }
  return found;
}

function entityOf(type: ScalarType): string {
  return type.kind === "entity" ? type.entity : "";
}

/** Texts that begin with, end with, contain or just miss a part. */
function textEdges(part: string): readonly string[] {
  const points = Array.from(part);
  const less = points.slice(0, -1).join("");
  return [part, `${part}x`, `x${part}`, `x${part}x`, less, part.toUpperCase()];
}
