/**
 * Which statements may look through the guarded views. The planner may run a caller's operator on rows that a view leaves
 * out; only an operator that the server calls leakproof cannot tell of them, by an error or otherwise. So one that is not
 * on the list, on a type that is not known, or anything that is no operator keeps every view of the statement fenced. A
 * sub-select in place of a value is one such thing: it raises an error where it has two rows.
 */
import { leakproofOperators } from "./leakproof-operators.ts";
import { valueType, type Type } from "./type.ts";

export interface Fence {
  /** Something in the statement could tell of a row. */
  keep(): void;
  /** Asked when the whole statement has been seen. */
  isOpen(): boolean;
}

export function createFence(mayOpen: boolean): Fence {
  let kept = !mayOpen;
  return {
    keep: () => void (kept = true),
    isOpen: () => !kept,
  };
}

/**
 * Keeps the fence unless the operator is leakproof on operands of these types. A value takes the type of the others. Whatever
 * an operand is made of has had its own say.
 */
export function noteOperator(fence: Fence, operator: string, types: readonly Type[]): void {
  if (!isLeakproof(operator, types)) fence.keep();
}

function isLeakproof(operator: string, types: readonly Type[]): boolean {
  const operators = underlying(operator);
  if (operators === null) return false;
  const known = new Set(types.filter((type) => type !== valueType));
  const [type] = known;
  if (known.size !== 1 || type === undefined || type === null) return false;
  const leakproof = Object.hasOwn(leakproofOperators, type) ? leakproofOperators[type] : undefined;
  return leakproof !== undefined && operators.every((op) => leakproof.includes(op));
}

/** The operators of the database that a word of the caller comes to; null for one that is not looked at. */
function underlying(operator: string): readonly string[] | null {
  switch (operator) {
    case "=":
    case "<>":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return [operator];
    case "!=":
      return ["<>"];
    case "in":
    case "is distinct from":
    case "is not distinct from":
      return ["="];
    case "not in":
      return ["<>"];
    case "between":
      return [">=", "<="];
    default:
      return null;
  }
}
