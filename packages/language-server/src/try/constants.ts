/** The texts that rules compare a fact with: what is worth choosing for it. */
import { slotPath, type Operand, type Program, type SlotSource, type Table } from "@wardline/core";

/** Each once, in the order of the program. */
export function constantsOf(program: Program, table: Table, source: SlotSource): readonly string[] {
  const key = keyOf(source);
  const ids = new Set(table.slots.filter((id) => keyOf(program.slots[id]?.source) === key));
  const isIt = (operand: Operand) => operand.kind === "slot" && ids.has(operand.slot);
  const texts = program.atoms.flatMap((atom): readonly unknown[] => {
    switch (atom.kind) {
      case "compare":
        return [atom.left, atom.right].some(isIt) ? [atom.left, atom.right].flatMap(constant) : [];
      case "one_of":
        return isIt(atom.of) ? atom.values : [];
      case "contains":
        return ids.has(atom.set) ? constant(atom.of) : [];
      case "text":
        return isIt(atom.of) ? constant(atom.part) : [];
      case "truth":
      case "empty":
      case "in_network":
      case "has":
      case "role":
      case "within":
      case "related":
        return [];
    }
  });
  return [...new Set(texts.filter((text) => typeof text === "string"))];
}

function constant(operand: Operand): readonly unknown[] {
  return operand.kind === "constant" ? [operand.value] : [];
}

/** A fact of the row before an update and after it are compared with the same. */
function keyOf(source: SlotSource | undefined): string {
  return source === undefined
    ? ""
    : slotPath(source)
        .join("/")
        .replace(/^(?:resource|prior|next)\//, "row/");
}
