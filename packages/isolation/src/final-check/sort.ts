/** Items of ORDER BY. A bare number would name an output column by its place. */
import type { Node } from "libpg-query";
import { expected, onlyParts, opened, type Checking, type Typed } from "./checking.ts";

export function checkSort(checking: Checking, node: Node, by: (node: Node) => Typed): Node {
  const sort = expected(node, "SortBy");
  // `useOp`, an operator of USING, is not among the parts.
  onlyParts(checking, sort, ["node", "sortby_dir", "sortby_nulls"]);
  const { sortby_dir = "SORTBY_DEFAULT", sortby_nulls = "SORTBY_NULLS_DEFAULT" } = sort;
  if (sortby_dir === "SORTBY_USING") checking.demand("node/part", false);
  checkPosition(checking, sort.node);
  return { SortBy: { node: by(sort.node as Node).node, sortby_dir, sortby_nulls } };
}

/** Refuses a constant or a parameter where something is ordered or grouped by. */
export function checkPosition(checking: Checking, node: Node | undefined): void {
  const [kind] = opened(node);
  checking.demand("shape/position", kind !== "A_Const" && kind !== "ParamRef");
}
