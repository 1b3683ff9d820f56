/** Which rows of a write a condition reads: what relates two of them no predicate over one can say. */
import { childrenOf, type Program, type Row, slotsOfAtom } from "@wardline/core";

/** A function from the index of a condition to the rows that it reads, directly or through its children. */
export function rowsReadBy(program: Program): (condition: number) => ReadonlySet<Row> {
  const known = new Map<number, ReadonlySet<Row>>();
  const rowsOf = (index: number): ReadonlySet<Row> => {
    const seen = known.get(index);
    if (seen !== undefined) return seen;
    const condition = program.conditions[index];
    if (condition === undefined) throw new RangeError(`no condition ${index}`);
    const rows = new Set(childrenOf(condition).flatMap((child) => [...rowsOf(child)]));
    const atom = condition.kind === "atom" ? program.atoms[condition.atom] : undefined;
    for (const slot of atom === undefined ? [] : slotsOfAtom(atom)) {
      const row = rowOfSlot(program, slot);
      if (row !== null) rows.add(row);
    }
    known.set(index, rows);
    return rows;
  };
  return rowsOf;
}

function rowOfSlot(program: Program, id: number): Row | null {
  const source = program.slots[id]?.source;
  if (source === undefined) throw new RangeError(`no slot ${id}`);
  switch (source.from) {
    case "row":
    case "row_attribute":
      return source.row;
    case "reference":
    case "ancestors":
      return source.of.root === "principal" ? null : source.of.root;
    case "principal":
    case "principal_attribute":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
    case "clock":
    case "limit":
    case "relation":
      return null;
  }
}
