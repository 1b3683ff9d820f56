/** Atoms as Rego rules, each with the default false: an atom over an absent fact is false, and `not` of it is safe. */
import type { Atom, Operand, Program, ScalarType, Slot } from "@wardline/core";
import { atomText, signs, slug } from "./atom-text.ts";
import type { Facts } from "./facts.ts";
import { instantMicros, orderOf, type Functions } from "./functions.ts";
import { comment, setTerm, term, truth } from "./text.ts";

export interface Atoms {
  readonly nameOf: (atom: number) => string;
  readonly definitions: () => readonly string[];
}

interface Scope {
  readonly program: Program;
  readonly facts: Facts;
  readonly functions: Functions;
}

export function createAtoms(
  program: Program,
  facts: Facts,
  functions: Functions,
  unique: (wanted: string) => string,
): Atoms {
  const names = program.atoms.map((atom, i) => unique(`atom_${i}_${slug(atomText(program, atom))}`));
  return {
    nameOf: (atom) => {
      const name = names[atom];
      if (name === undefined) throw new RangeError(`no atom ${atom}`);
      return name;
    },
    definitions: () =>
      program.atoms.flatMap((atom, i) => {
        const [first = "", ...rest] = truth(
          names[i] as string,
          bodiesOf(atom, { program, facts, functions }),
        );
        return [`${comment(atomText(program, atom))}\n${first}`, ...rest];
      }),
  };
}

type Bodies = readonly (readonly string[])[];

function bodiesOf(atom: Atom, scope: Scope): Bodies {
  const { facts } = scope;
  const of = (operand: Operand) => operandTerm(operand, facts);
  switch (atom.kind) {
    case "compare":
      return compareBodies(atom, scope);
    case "truth":
      return [[`${of(atom.of)} == true`]];
    case "one_of":
      return [[`${of(atom.of)} in ${setTerm(atom.values)}`]];
    case "contains":
      return [[`${of(atom.of)} in ${facts.nameOf(atom.set)}`]];
    case "empty":
      return [[`count(${facts.nameOf(atom.set)}) == 0`]];
    case "text":
      return [[`${textCalls[atom.op]}(${of(atom.of)}, ${of(atom.part)})`]];
    case "in_network":
      // The fact is an address in canonical form: for anything else the call would not be defined.
      return atom.networks.map((network) => [`net.cidr_contains(${term(network)}, ${of(atom.of)})`]);
    case "has":
      return [[`${facts.nameOf(atom.slot)} != null`]];
    case "role":
      return [[`some role in ${facts.nameOf(atom.slot)}`, `role in ${setTerm(atom.roles)}`]];
    case "within": {
      const same = atom.same ? [[`${of(atom.entity)} == ${of(atom.group)}`]] : [];
      if (atom.ancestors === null) return same;
      // Without the entity its ancestors say nothing.
      return [
        ...same,
        [`${of(atom.entity)} != null`, `${of(atom.group)} in ${facts.nameOf(atom.ancestors)}`],
      ];
    }
    case "related":
      return [
        [
          `some pair in ${facts.nameOf(atom.slot)}`,
          `pair.from == ${of(atom.from)}`,
          `pair.to == ${of(atom.to)}`,
        ],
      ];
  }
}

const textCalls = { starts_with: "startswith", ends_with: "endswith", contains: "contains" } as const;

function compareBodies(
  atom: Extract<Atom, { kind: "compare" }>,
  { program, facts, functions }: Scope,
): Bodies {
  const sign = signs[atom.op];
  const sides = [atom.left, atom.right];
  const between = (side: (operand: Operand) => string) => [[sides.map(side).join(` ${sign} `)]];
  if (sides.some((operand) => operand.kind === "now"))
    return between((operand) => `${instantMicros(functions, operandTerm(operand, facts))}${offset(operand)}`);
  // In canonical form values are equal exactly if their forms are.
  if (atom.op === "eq") return between((operand) => operandTerm(operand, facts));
  return between((operand) =>
    operand.kind === "constant"
      ? orderOf(operand.type, term(operand.value), String(operand.value))
      : orderOf(typeOf(program, operand.slot), operandTerm(operand, facts)),
  );
}

function offset(operand: Operand): string {
  if (operand.kind !== "now") return "";
  return ` ${operand.offset < 0 ? "-" : "+"} ${Math.abs(operand.offset)}`;
}

function operandTerm(operand: Operand, facts: Facts): string {
  if (operand.kind === "constant") return term(operand.value);
  if (operand.kind === "now" || operand.fallback === null) return facts.nameOf(operand.slot);
  return facts.withFallback(operand.slot, operand.fallback);
}

function typeOf(program: Program, slot: number): ScalarType {
  return (program.slots[slot] as Slot).type as ScalarType;
}
