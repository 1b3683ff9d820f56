/** What stands inside parentheses and wrappers that have no text. */
import type { OperationNode, ParensNode } from "kysely";
import { onlyKeys } from "./node-kinds.ts";
import { fromRaw } from "./raw.ts";

export function withoutParens(node: OperationNode): OperationNode {
  if (node.kind === "RawNode") return withoutParens(fromRaw(node, "expression"));
  if (node.kind !== "ParensNode") return node;
  onlyKeys(node, ["node"]);
  return withoutParens((node as ParensNode).node);
}
