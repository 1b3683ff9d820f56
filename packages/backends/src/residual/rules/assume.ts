/** Conditions as they are where another one holds: of rows that are permitted anyhow, less is left to ask. */
import type { Condition } from "@wardline/core";
import { no, yes, type ConditionList } from "./condition-list.ts";

/** The same list, in which what is joined comes out as it is where `given` holds. */
export function assuming(
  list: ConditionList,
  given: number,
): ConditionList & { known(node: number): number } {
  const condition = list.conditions[given] as Condition;
  const certain = condition.kind === "and" ? [given, ...condition.of] : [given];
  const found = new Map<number, number>();
  for (const node of certain) found.set(node, yes).set(list.not(node), no);
  found.set(no, no).set(yes, yes);
  const known = (node: number): number => {
    const before = found.get(node);
    if (before !== undefined) return before;
    const made = simpler(node, list.conditions[node] as Condition);
    found.set(node, made);
    return made;
  };
  const simpler = (node: number, of: Condition): number => {
    switch (of.kind) {
      case "constant":
      case "atom":
        return node;
      case "and":
        return again(node, list.all(of.of.map(known)));
      case "or":
        return again(node, list.any(of.of.map(known)));
    }
  };
  // With parts gone it may be one that is certain.
  const again = (node: number, made: number): number => (made === node ? node : (found.get(made) ?? made));
  return {
    ...list,
    all: (parts) => known(list.all(parts)),
    any: (parts) => known(list.any(parts)),
    not: (node) => known(list.not(node)),
    known,
  };
}
