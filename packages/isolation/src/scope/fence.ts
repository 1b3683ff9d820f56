/**
 * Which statements may look through the guarded views. The planner may run a caller's operator on rows that a view leaves
 * out; only an operator that the server calls leakproof cannot tell of them, by an error or otherwise. So one that is not
 * on the list, on a type that is not known, or anything that is no operator keeps every view of the statement fenced. A
 * sub-select in place of a value is one such thing: it raises an error where it has two rows.
 */
import type {
  AndNode,
  OperationNode,
  ParensNode,
  PrimitiveValueListNode,
  ValueListNode,
  ValueNode,
} from "kysely";
import { referenceName } from "./identifier.ts";
import { leakproofOperators } from "./leakproof-operators.ts";
import { resolveColumn, type Scope } from "./relation.ts";

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

/** What an operand is: of a type of the database, a value that takes the type of the other side, or unknown. */
type Operand = { readonly type: string } | "value" | "unknown";

/** Keeps the fence unless the operator is leakproof on the operands that it has here. */
export function noteBinary(
  fence: Fence,
  scope: Scope,
  operator: string,
  left: OperationNode,
  right: OperationNode,
): void {
  if (!isLeakproof(scope, operator, left, right)) fence.keep();
}

function isLeakproof(scope: Scope, operator: string, left: OperationNode, right: OperationNode): boolean {
  const operators = underlying(operator);
  if (operators === null) return operator === "is" || operator === "is not";
  const operands = [operandOf(scope, left), ...rightOperands(scope, operator, right)];
  const types = new Set(operands.flatMap((operand) => (typeof operand === "object" ? [operand.type] : [])));
  const [type] = types;
  if (operands.includes("unknown") || types.size !== 1 || type === undefined) return false;
  const known = Object.hasOwn(leakproofOperators, type) ? leakproofOperators[type] : undefined;
  return known !== undefined && operators.every((op) => known.includes(op));
}

/** The operators of the database that a word of the caller comes to; null for one that is none, or not looked at. */
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

function rightOperands(scope: Scope, operator: string, node: OperationNode): readonly Operand[] {
  switch (node.kind as string) {
    case "ParensNode":
      return rightOperands(scope, operator, (node as ParensNode).node);
    case "AndNode":
      if (operator !== "between") return ["unknown"];
      return [operandOf(scope, (node as AndNode).left), operandOf(scope, (node as AndNode).right)];
    case "PrimitiveValueListNode":
      return (node as PrimitiveValueListNode).values.map(() => "value");
    case "ValueListNode":
      return (node as ValueListNode).values.map((value) => operandOf(scope, value));
    default:
      return [operandOf(scope, node)];
  }
}

function operandOf(scope: Scope, node: OperationNode): Operand {
  switch (node.kind as string) {
    case "ReferenceNode":
    case "ColumnNode": {
      const { table, column } = referenceName(node);
      const { type } = resolveColumn(scope, table, column).column;
      return type === undefined ? "unknown" : { type };
    }
    case "ValueNode":
      // A number in the text has a type of its own.
      return (node as ValueNode).immediate === true ? "unknown" : "value";
    case "ParensNode":
      return operandOf(scope, (node as ParensNode).node);
    default:
      return "unknown";
  }
}
