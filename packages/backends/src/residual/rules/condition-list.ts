/** Builds a DAG of conditions: equal ones are one node, constants are folded, negation ends at atoms. */
import type { Condition } from "@wardline/core";

/** The nodes of the constants: they stand first in every list. */
export const no = 0;
export const yes = 1;

/** A conjunction of few parts goes up into the one that it stands in; larger ones are shared, not copied. */
const mostCopied = 16;

export interface ConditionList {
  readonly conditions: readonly Condition[];
  atom(atom: number, negated?: boolean): number;
  all(parts: readonly number[]): number;
  any(parts: readonly number[]): number;
  not(node: number): number;
}

export function createConditions(): ConditionList {
  const conditions: Condition[] = [
    { kind: "constant", value: false },
    { kind: "constant", value: true },
  ];
  const known = new Map<string, number>();
  const opposite = new Map<number, number>([
    [no, yes],
    [yes, no],
  ]);
  const node = (key: string, make: () => Condition): number => {
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, conditions.length);
    return conditions.push(make()) - 1;
  };
  const atom = (index: number, negated = false) =>
    node(`${negated ? "!" : ""}${index}`, () => ({ kind: "atom", atom: index, negated }));
  const join = (kind: "and" | "or", parts: readonly number[]): number => {
    const [neutral, final] = kind === "and" ? [yes, no] : [no, yes];
    const kept = new Set<number>();
    for (const part of parts) {
      if (part === final) return final;
      if (part === neutral) continue;
      const inner = conditions[part] as Condition;
      if (inner.kind === kind && inner.of.length <= mostCopied) for (const child of inner.of) kept.add(child);
      else kept.add(part);
    }
    const of = [...kept].toSorted((a, b) => a - b);
    return of.length < 2 ? (of[0] ?? neutral) : node(`${kind} ${of.join()}`, () => ({ kind, of }));
  };
  const not = (index: number): number => {
    const found = opposite.get(index);
    if (found !== undefined) return found;
    const made = negated(conditions[index] as Condition);
    opposite.set(index, made).set(made, index);
    return made;
  };
  const negated = (condition: Condition): number => {
    switch (condition.kind) {
      case "constant":
        return condition.value ? no : yes;
      case "atom":
        return atom(condition.atom, !condition.negated);
      case "and":
        return join("or", condition.of.map(not));
      case "or":
        return join("and", condition.of.map(not));
    }
  };
  return {
    conditions,
    atom,
    all: (parts) => join("and", parts),
    any: (parts) => join("or", parts),
    not,
  };
}
