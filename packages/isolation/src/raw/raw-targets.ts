/** What a raw select yields. A star is spelt out, so that it means the columns of the views and no others. */
import type { Node, ResTarget } from "libpg-query";
import { opened } from "../final-check/checking.ts";
import { columnNode } from "../final-check/nodes.ts";
import { outputName } from "./output-name.ts";
import { refuseRaw } from "./raw-names.ts";
import type { Outputs, RawNames, RawReading, RawRelation } from "./raw-names.ts";

export function rawTargets(
  reading: RawReading,
  names: RawNames,
  list: readonly Node[],
): { readonly nodes: readonly Node[]; readonly columns: Outputs } {
  const outputs = list.flatMap((node): readonly ResTarget[] => {
    const [kind, content] = opened(node);
    if (kind !== "ResTarget") return refuseRaw("a part of a selection is none");
    const target = content as ResTarget;
    const star = starOf(names, target.val);
    if (star !== null) return star;
    if (target.val === undefined) return refuseRaw("a part of a selection is none");
    const name = target.name ?? outputName(target.val);
    return [
      { ...target, ...(name === null ? {} : { name }), val: reading.parts.node(reading, names, target.val) },
    ];
  });
  return {
    nodes: outputs.map((target) => ({ ResTarget: target })),
    columns: outputs.map(({ name }) => name ?? null),
  };
}

function starOf(names: RawNames, node: Node | undefined): readonly ResTarget[] | null {
  if (node === undefined || !("ColumnRef" in node)) return null;
  const fields = node.ColumnRef.fields ?? [];
  const last = fields.at(-1);
  if (last === undefined || !("A_Star" in last)) return null;
  const [first, ...more] = fields;
  if (more.length === 0) {
    if (names.relations.length === 0) return refuseRaw("a star stands where there is no FROM");
    return names.relations.flatMap(columnsOf);
  }
  const of = first !== undefined && "String" in first && more.length === 1 ? first.String.sval : undefined;
  const found = names.relations.filter(({ name }) => name === of);
  const [relation] = found;
  return relation === undefined || found.length > 1
    ? refuseRaw("a star stands behind what is no relation of its own FROM")
    : columnsOf(relation);
}

function columnsOf({ name, columns }: RawRelation): readonly ResTarget[] {
  return columns.map((column) =>
    column === null
      ? refuseRaw("a star stands for a column without a name: give it one by AS")
      : { name: column, val: columnNode(name, column) },
  );
}
