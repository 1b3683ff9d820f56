/**
 * Whole rows as JSON, the one place where a raw statement may name one: of the only relation of a FROM, written out as an
 * object of its columns. It is what the builder's `jsonArrayFrom` and `jsonObjectFrom` ask for.
 */
import type { FuncCall, Node } from "libpg-query";
import { columnNode, nameNode } from "../final-check/nodes.ts";
import { refuseRaw } from "./raw-names.ts";
import type { RawNames } from "./raw-names.ts";

/** Functions of a row → what builds the object, and whether it is their own argument then. */
const calls: ReadonlyMap<string, { readonly build: string; readonly inside: boolean }> = new Map([
  ["json_agg", { build: "json_build_object", inside: true }],
  ["jsonb_agg", { build: "jsonb_build_object", inside: true }],
  ["to_json", { build: "json_build_object", inside: false }],
  ["row_to_json", { build: "json_build_object", inside: false }],
  ["to_jsonb", { build: "jsonb_build_object", inside: false }],
]);

/** The most arguments of a function of the server, a name and a value for each column. */
const maxColumns = 50;

/** Null for any other call. */
export function rowCall({ relations }: RawNames, call: FuncCall): Node | null {
  const last = call.funcname?.at(-1);
  const form = last !== undefined && "String" in last ? calls.get(last.String.sval ?? "") : undefined;
  const [only, ...others] = call.args ?? [];
  const [relation, ...more] = relations;
  if (form === undefined || only === undefined || others.length > 0) return null;
  if (relation === undefined || more.length > 0 || !isRow(only, relation.name)) return null;
  const { columns, name } = relation;
  // The server takes a column of the name first.
  if (columns.includes(name)) return null;
  if (columns.length > maxColumns) return refuseRaw(`a row of more than ${maxColumns} columns as JSON`);
  const args = columns.flatMap((column): readonly Node[] =>
    column === null
      ? refuseRaw("a row with a column without a name: give it one by AS")
      : [{ A_Const: { sval: { sval: column } } }, columnNode(name, column)],
  );
  const build: Node = {
    FuncCall: { funcname: [nameNode(form.build)], args: [...args], funcformat: "COERCE_EXPLICIT_CALL" },
  };
  return form.inside ? { FuncCall: { ...call, args: [build] } } : build;
}

function isRow(node: Node, name: string): boolean {
  if (!("ColumnRef" in node)) return false;
  const [first, ...more] = node.ColumnRef.fields ?? [];
  return more.length === 0 && first !== undefined && "String" in first && first.String.sval === name;
}
