/** Atoms as Rego rules, each with the default false: an atom over an absent fact is false, and `not` of it is safe. */
import { beyond } from "../beyond.ts";
import { entityPathKey, slotPath } from "@wardline/core";
import type {
  Atom,
  CompareOp,
  Operand,
  Program,
  ScalarType,
  Slot,
  SlotSource,
  WireScalar,
} from "@wardline/core";
import type { Facts } from "./facts.ts";
import { comment, setTerm, term, truth } from "./text.ts";

export interface Atoms {
  readonly nameOf: (atom: number) => string;
  readonly definitions: () => readonly string[];
}

export function createAtoms(program: Program, facts: Facts, unique: (wanted: string) => string): Atoms {
  const names = program.atoms.map((atom, i) => unique(`atom_${i}_${slug(atomText(program, atom))}`));
  return {
    nameOf: (atom) => {
      const name = names[atom];
      if (name === undefined) throw new RangeError(`no atom ${atom}`);
      return name;
    },
    definitions: () =>
      program.atoms.flatMap((atom, i) => {
        const [first = "", ...rest] = truth(names[i] as string, bodiesOf(program, atom, facts));
        return [`${comment(atomText(program, atom))}\n${first}`, ...rest];
      }),
  };
}

function bodiesOf(program: Program, atom: Atom, facts: Facts): readonly (readonly string[])[] {
  const of = (operand: Operand) => operandTerm(operand, facts);
  switch (atom.kind) {
    case "compare": {
      if (atom.op === "eq") return [[`${of(atom.left)} == ${of(atom.right)}`]];
      const side = (operand: Operand) => orderTerm(program, operand, facts);
      return [[`${side(atom.left)} ${signs[atom.op]} ${side(atom.right)}`]];
    }
    case "truth":
      return [[`${of(atom.of)} == true`]];
    case "one_of":
      return [[`${of(atom.of)} in ${setTerm(atom.values)}`]];
    case "contains":
      return [[`${of(atom.of)} in ${facts.nameOf(atom.set)}`]];
    case "empty":
    case "text":
    case "in_network":
      return beyond(atom.kind);
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

const signs: Readonly<Record<CompareOp, string>> = { eq: "==", lt: "<", le: "<=", gt: ">", ge: ">=" };

function operandTerm(operand: Operand, facts: Facts): string {
  if (operand.kind === "constant") return term(operand.value);
  if (operand.kind === "now") return beyond("now moved by a duration");
  return operand.fallback === null
    ? facts.nameOf(operand.slot)
    : facts.withFallback(operand.slot, operand.fallback);
}

/** What orders as the value does. Canonical decimals are exact as numbers, canonical instants order as texts. */
function orderTerm(program: Program, operand: Operand, facts: Facts): string {
  const type =
    operand.kind === "constant" ? operand.type : ((program.slots[operand.slot] as Slot).type as ScalarType);
  switch (type.kind) {
    case "int":
    case "duration":
    case "instant":
      return operandTerm(operand, facts);
    case "decimal":
      return operand.kind === "constant"
        ? String(operand.value)
        : `to_number(${operandTerm(operand, facts)})`;
    case "bool":
    case "string":
    case "enum":
    case "entity":
    case "uuid":
    case "ip":
    case "date":
    case "time":
      throw new TypeError(`values of type ${type.kind} have no order`);
  }
}

/** An atom as a policy might say it; for comments and names only. */
function atomText(program: Program, atom: Atom): string {
  const of = (operand: Operand) => operandText(program, operand);
  const slot = (id: number) => sourceText((program.slots[id] as Slot).source);
  switch (atom.kind) {
    case "compare":
      return `${of(atom.left)} ${signs[atom.op]} ${of(atom.right)}`;
    case "truth":
      return of(atom.of);
    case "one_of":
      return `${of(atom.of)} in ${listText(atom.values)}`;
    case "contains":
      return `${slot(atom.set)} contains ${of(atom.of)}`;
    case "empty":
    case "text":
    case "in_network":
      return beyond(atom.kind);
    case "has":
      return `has ${slot(atom.slot)}`;
    case "role":
      return `principal has role ${atom.roles.join(" or ")}`;
    case "within":
      return `${of(atom.entity)} in ${of(atom.group)}`;
    case "related":
      return `${slot(atom.slot)}(${of(atom.from)}, ${of(atom.to)})`;
  }
}

function operandText(program: Program, operand: Operand): string {
  if (operand.kind === "constant")
    return operand.type.kind === "decimal" ? String(operand.value) : term(operand.value);
  if (operand.kind === "now") return beyond("now moved by a duration");
  const slot = program.slots[operand.slot] as Slot;
  const text = sourceText(slot.source);
  return operand.fallback === null ? text : `(${text} ?? ${term(operand.fallback)})`;
}

function listText(values: readonly WireScalar[]): string {
  return `[${values.map(term).join(", ")}]`;
}

function sourceText(source: SlotSource): string {
  switch (source.from) {
    case "principal":
      return source.part === "id" ? "principal" : `principal.${source.part}`;
    case "row":
      return source.part === "id" ? source.row : `${source.row}.${source.part}`;
    case "ancestors":
      return `ancestors of ${entityPathKey(source.of)}`;
    case "relation":
      return source.name;
    case "clock":
    case "reference":
    case "limit":
      return beyond(source.from);
    case "principal_attribute":
    case "row_attribute":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
      return slotPath(source)
        .filter((key) => key !== "attributes")
        .join(".");
  }
}

/** Words of the text for a name, with signs as words. */
function slug(text: string): string {
  const words = text
    .replaceAll(">=", " ge ")
    .replaceAll("<=", " le ")
    .replaceAll("==", " is ")
    .replaceAll(">", " gt ")
    .replaceAll("<", " lt ")
    .replaceAll("-", " minus ");
  return words
    .replaceAll(/[^A-Za-z0-9_]+/g, "_")
    .replaceAll(/^_+|_+$/g, "")
    .slice(0, 48);
}
