/** Atoms as a policy might say them. For comments and names alone: nothing that is evaluated is made of this. */
import { entityPathKey, slotPath } from "@wardline/core";
import type { Atom, CompareOp, Operand, Program, Slot, SlotSource, WireScalar } from "@wardline/core";
import { term } from "./text.ts";

export const signs: Readonly<Record<CompareOp, string>> = { eq: "==", lt: "<", le: "<=", gt: ">", ge: ">=" };

export function atomText(program: Program, atom: Atom): string {
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
      return `${slot(atom.set)} is_empty`;
    case "text":
      return `${of(atom.of)} ${atom.op} ${of(atom.part)}`;
    case "in_network":
      return `${of(atom.of)} in ${atom.networks.join(" or ")}`;
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
  const text = sourceText((program.slots[operand.slot] as Slot).source);
  if (operand.kind === "now")
    return `(${text} ${operand.offset < 0 ? "-" : "+"} ${Math.abs(operand.offset)} microseconds)`;
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
    case "reference":
      return `${entityPathKey(source.of)}.${source.name}`;
    case "limit":
      return `${source.part} of the limit of ${source.rule}`;
    case "principal_attribute":
    case "row_attribute":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "clock":
    case "now":
      return slotPath(source)
        .filter((key) => key !== "attributes")
        .join(".");
  }
}

/** Words of the text for a name, with signs as words. */
export function slug(text: string): string {
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
