/** Atoms with what is known put in. An atom over what is absent is false; what is asked of the row alone stays. */
import { isInNetwork, parseIp, parseNetwork, type Atom, type Program } from "@wardline/core";
import type { Slot, WireScalar } from "@wardline/core";
import { foldCompare } from "./fold-compare.ts";
import { foldOperand, isAlwaysThere, written } from "./fold-operand.ts";
import { foldRelated } from "./fold-related.ts";
import { foldWithin } from "./fold-within.ts";
import { open, type KnownValues } from "./known-values.ts";
import { textHolds } from "../row/text-holds.ts";
import { leaf, type Folded } from "./tree.ts";

export type Fold = (values: KnownValues) => Folded;

export function foldAtom(program: Program, atom: Atom): Fold {
  switch (atom.kind) {
    case "compare":
      return foldCompare(program, atom);
    case "truth": {
      const of = foldOperand(program, atom.of);
      const asked = leaf({ kind: "truth", of: of.fact });
      return (values) => {
        const value = of.read(values);
        return value === open ? asked : value === true;
      };
    }
    case "one_of": {
      const { values: wanted, type } = atom;
      const of = foldOperand(program, atom.of);
      const asked = leaf({ kind: "one_of", of: of.fact, values: wanted, type });
      const set = new Set<unknown>(wanted);
      return (values) => {
        const value = of.read(values);
        return value === open ? asked : set.has(value);
      };
    }
    case "contains":
      return foldContains(program, atom);
    case "empty": {
      const { set } = atom;
      const asked = leaf({ kind: "empty", set });
      return (values) => {
        const held = values[set];
        return held === open ? asked : held !== undefined && (held as readonly unknown[]).length === 0;
      };
    }
    case "text": {
      const { op } = atom;
      const of = foldOperand(program, atom.of);
      const part = foldOperand(program, atom.part);
      return (values) => {
        const text = of.read(values);
        const sought = part.read(values);
        if (text === undefined || sought === undefined) return false;
        if (text !== open && sought !== open) return textHolds(op, text as string, sought as string);
        return leaf({ kind: "text", op, of: written(of, text), part: written(part, sought) });
      };
    }
    case "in_network": {
      const of = foldOperand(program, atom.of);
      const asked = leaf({ kind: "in_network", of: of.fact, networks: atom.networks });
      const lies = inNetworks(atom.networks);
      return (values) => {
        const value = of.read(values);
        return value === open ? asked : lies(value);
      };
    }
    case "has": {
      const { slot } = atom;
      const asked = isAlwaysThere(program.slots[slot] as Slot) || leaf({ kind: "has", fact: slot });
      return (values) => (values[slot] === open ? asked : values[slot] !== undefined);
    }
    case "role": {
      const { slot } = atom;
      const wanted = new Set<unknown>(atom.roles);
      return (values) => {
        const held = values[slot] as readonly unknown[] | undefined;
        if (held === undefined) return false;
        for (let i = 0; i < held.length; i += 1) if (wanted.has(held[i])) return true;
        return false;
      };
    }
    case "within":
      return foldWithin(program, atom);
    case "related":
      return foldRelated(program, atom);
  }
}

function foldContains(
  program: Program,
  { set, of: element, type }: Extract<Atom, { kind: "contains" }>,
): Fold {
  const of = foldOperand(program, element);
  return (values) => {
    const held = values[set] as readonly WireScalar[] | undefined | typeof open;
    const value = of.read(values);
    if (held === undefined || value === undefined) return false;
    if (held === open) return leaf({ kind: "contains", set, of: written(of, value), type });
    if (value !== open) return held.includes(value);
    return held.length > 0 && leaf({ kind: "one_of", of: of.fact, values: held, type });
  };
}

/** A test of addresses in wire form; what is absent lies nowhere. */
export function inNetworks(texts: readonly string[]): (value: unknown) => boolean {
  const networks = texts.map((text) => {
    const network = parseNetwork(text);
    if (network === undefined) throw new TypeError(`${text} is no network`);
    return network;
  });
  return (value) => {
    const address = typeof value === "string" ? parseIp(value) : undefined;
    return address !== undefined && networks.some((network) => isInNetwork(address, network));
  };
}
