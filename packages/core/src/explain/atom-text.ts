/** What an atom asks, in the language's own signs: for atoms that no words of a source ask, and where no source is at hand. */
import type { Atom, CompareOp, Operand } from "../ir/atom.ts";
import type { Program } from "../ir/program.ts";
import type { ScalarType } from "../value/type.ts";
import type { WireScalar } from "../value/wire.ts";
import { durationText, sourceText, valueText } from "./value-text.ts";

const signs: { readonly [Op in CompareOp]: string } = { eq: "==", lt: "<", le: "<=", gt: ">", ge: ">=" };

/** `resource.price >= 10000.00`, `principal in resource.branch`, `principal has role reader or keeper`, … */
export function atomText(program: Program, atom: Atom): string {
  const operand = (of: Operand) => operandText(program, of);
  const slot = (id: number) => slotText(program, id);
  switch (atom.kind) {
    case "compare":
      return `${operand(atom.left)} ${signs[atom.op]} ${operand(atom.right)}`;
    case "truth":
      return operand(atom.of);
    case "one_of":
      return `${operand(atom.of)} in ${listText(atom.values, atom.type)}`;
    case "contains":
      return `${slot(atom.set)}.contains(${operand(atom.of)})`;
    case "empty":
      return `${slot(atom.set)}.is_empty`;
    case "text":
      return `${operand(atom.of)}.${atom.op}(${operand(atom.part)})`;
    case "in_network": {
      const [only, ...more] = atom.networks;
      return `${operand(atom.of)} in ${more.length === 0 ? only : `[${atom.networks.join(", ")}]`}`;
    }
    case "has":
      return `has ${slot(atom.slot)}`;
    case "role":
      return `principal has role ${orText(atom.roles)}`;
    case "within":
      return `${operand(atom.entity)} in ${operand(atom.group)}`;
    case "related":
      return `${slot(atom.slot)}(${operand(atom.from)}, ${operand(atom.to)})`;
  }
}

/** The path of a slot. */
export function slotText(program: Program, id: number): string {
  const slot = program.slots[id];
  if (slot === undefined) throw new RangeError(`no slot ${id}`);
  return sourceText(slot.source);
}

function operandText(program: Program, operand: Operand): string {
  if (operand.kind === "constant") return valueText(operand.value, operand.type);
  if (operand.kind === "now")
    return `now ${operand.offset < 0 ? "-" : "+"} ${durationText(Math.abs(operand.offset))}`;
  const path = slotText(program, operand.slot);
  if (operand.fallback === null) return path;
  const type = program.slots[operand.slot]?.type as ScalarType;
  return `${path} ?? ${valueText(operand.fallback, type)}`;
}

function listText(values: readonly WireScalar[], type: ScalarType): string {
  return `[${values.map((value) => valueText(value, type)).join(", ")}]`;
}

/** `a`, `a or b`, `a, b or c`. */
export function orText(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
