/** Columns by name. Every one is printed with its relation, except where only the name of an output can stand. */
import type { ColumnRef } from "libpg-query";
import {
  onlyParts,
  opened,
  texts,
  type Checking,
  type Names,
  type Relation,
  type Typed,
} from "./checking.ts";
import { columnNode } from "./nodes.ts";

export function checkColumn(checking: Checking, names: Names, reference: ColumnRef): Typed {
  const { demand } = checking;
  onlyParts(checking, reference, ["fields"]);
  const fields = reference.fields ?? [];
  const stars = fields.some((field) => opened(field)[0] === "A_Star");
  demand("column/row", !stars);
  if (stars) return { node: { ColumnRef: { fields } }, type: "text" };
  const path = texts(fields);
  demand("column/unknown", path.length <= 2);
  const [first = "", second] = path;
  const found = second === undefined ? bare(checking, names, first) : qualified(names, first, second);
  const named = second ?? first;
  demand("column/row", found !== undefined || !isRelation(names, named));
  demand("column/unknown", found !== undefined || isRelation(names, named));
  if (found === undefined) return { node: columnNode(...path), type: "text" };
  const { relation, name } = found;
  const type = relation.columns.find((column) => column.name === name)?.type ?? "text";
  return { node: columnNode(relation.name, name), type };
}

interface Found {
  readonly relation: Relation;
  readonly name: string;
}

/** A relation that has the name hides outer ones. */
function qualified(names: Names, relation: string, column: string): Found | undefined {
  for (let at: Names | null = names; at !== null; at = at.outer) {
    const found = at.relations.find(({ name }) => name === relation);
    if (found === undefined) continue;
    return found.columns.some(({ name }) => name === column) ? { relation: found, name: column } : undefined;
  }
  return undefined;
}

function bare(checking: Checking, names: Names, column: string): Found | undefined {
  for (let at: Names | null = names; at !== null; at = at.outer) {
    const found = at.relations.filter(({ columns }) => columns.some(({ name }) => name === column));
    checking.demand("column/unknown", found.length <= 1);
    const [relation] = found;
    // Printed with its relation: a nearer one of that name would hide it, and a column that it lacks may be a function to the server.
    if (relation !== undefined) {
      demandSeen(checking, names, relation);
      return { relation, name: column };
    }
    if (at.relations.some(({ name }) => name === column)) return undefined;
  }
  return undefined;
}

function demandSeen(checking: Checking, names: Names, relation: Relation): void {
  let at: Names | null = names;
  while (at !== null && !at.relations.some(({ name }) => name === relation.name)) at = at.outer;
  checking.demand("column/hidden", at?.relations.includes(relation) === true);
}

function isRelation(names: Names, name: string): boolean {
  for (let at: Names | null = names; at !== null; at = at.outer)
    if (at.relations.some((relation) => relation.name === name)) return true;
  return false;
}
