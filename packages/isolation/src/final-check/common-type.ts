/** The one type of several values that stand for each other. */
import type { Checking, Typed } from "./checking.ts";
import { commonType, type TypeName } from "./types.ts";

export function common(checking: Checking, values: readonly Typed[]): TypeName {
  const type = commonType(values.map((value) => value.type));
  checking.demand("type/common", type !== undefined);
  return type ?? "text";
}
