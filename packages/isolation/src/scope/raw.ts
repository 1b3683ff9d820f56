/**
 * The one place that decides what a raw node stands for in a tree that the transformer reads. A select that has any text has
 * gone another way (../raw/), so what is met here stands in a write and is refused; what is only a wrapper round one node
 * (`sql.ref`, `sql.table`, `sql.val`) is that node.
 */
import type { OperationNode, RawNode } from "kysely";
import { onlyKeys, refuseNode } from "./node-kinds.ts";

/** The node that stands in place of another: itself, unless it is raw. Throws `query/raw-statement` for text. */
export function fromRaw(node: OperationNode, place: string): OperationNode {
  if (node.kind !== "RawNode") return node;
  onlyKeys(node, ["sqlFragments", "parameters"]);
  const { sqlFragments, parameters } = node as Partial<RawNode>;
  const [only, ...more] = parameters ?? [];
  if (only === undefined || more.length > 0 || sqlFragments?.every((text) => text === "") !== true)
    return refuseNode(node, place);
  return fromRaw(only, place);
}

/** The text of a raw node that is text alone: for the few words that the builder itself writes so. */
export function rawText(node: OperationNode): string | undefined {
  if (node.kind !== "RawNode") return undefined;
  onlyKeys(node, ["sqlFragments", "parameters"]);
  const { sqlFragments, parameters } = node as Partial<RawNode>;
  return sqlFragments?.length === 1 && parameters?.length === 0 ? sqlFragments[0] : undefined;
}
