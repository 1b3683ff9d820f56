/** Types as they are written: resolved to one of pg_catalog's, and printed with its schema. */
import type { Node, TypeName as TypeNode } from "libpg-query";
import { onlyParts, texts, type Checking } from "./checking.ts";
import { nameNode } from "./nodes.ts";
import { Refused } from "./rules.ts";
import { isListedType, type TypeName } from "./types.ts";

export function checkType(
  checking: Checking,
  node: TypeNode | undefined,
): { readonly node: TypeNode; readonly type: TypeName } {
  if (node === undefined) throw new Refused("node/kind");
  onlyParts(checking, node, ["names", "typemod", "typmods", "arrayBounds"]);
  const names = texts(node.names);
  const name = names.at(-1) ?? "";
  const inCatalogue = names.length === 1 || (names.length === 2 && names[0] === "pg_catalog");
  const bounds = node.arrayBounds ?? [];
  const isPlainArray = bounds.length === 0 || (bounds.length === 1 && boundOf(bounds[0]) === -1);
  checking.demand("type/unknown", inCatalogue && isListedType(name) && isPlainArray);
  const typmods = node.typmods ?? [];
  checking.demand("type/unknown", typmods.length === 0 || (name === "numeric" && typmods.every(isWhole)));
  const array = bounds.length > 0;
  const checked: TypeNode = {
    names: [nameNode("pg_catalog"), nameNode(name)],
    ...(typmods.length === 0 ? {} : { typmods }),
    typemod: -1,
    ...(array ? { arrayBounds: [{ Integer: { ival: -1 } }] } : {}),
  };
  return { node: checked, type: array ? `${name}[]` : name };
}

function boundOf(node: Node | undefined): number | undefined {
  return node !== undefined && "Integer" in node ? (node.Integer.ival ?? 0) : undefined;
}

function isWhole(node: Node): boolean {
  return "A_Const" in node && node.A_Const.ival !== undefined;
}
