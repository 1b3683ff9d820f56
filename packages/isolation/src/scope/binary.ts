/** Operators of two sides, with those whose right side is no expression: `between`, `in`, `is`, `= any`. */
import type {
  AndNode,
  BinaryOperationNode,
  FunctionNode,
  OperationNode,
  OperatorNode,
  PrimitiveValueListNode,
  ValueListNode,
  ValueNode,
} from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { noteOperator } from "./fence.ts";
import { Hole } from "./hole.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { binaryOperation, comparesArrays } from "./operator.ts";
import { withoutParens } from "./parens.ts";
import type { Scope } from "./relation.ts";
import type { Rewriting } from "./rewriting.ts";
import { sealedComparison } from "./sealed-comparison.ts";
import { onlyColumn, unsealed } from "./sub-select.ts";
import { joined, sql, word } from "./text.ts";
import { asType, hasArrays, mismatch, shownType, valueType, type Type, type Typed } from "./type.ts";
import { arrayParameter, valueList } from "./value.ts";

type TypedOf = (child: OperationNode) => Typed;

export function binary(rewriting: Rewriting, scope: Scope, node: OperationNode, inner: TypedOf): Typed {
  onlyKeys(node, ["leftOperand", "operator", "rightOperand"]);
  const { leftOperand, operator: operatorNode, rightOperand } = node as BinaryOperationNode;
  const operator = operatorOf(operatorNode);
  const sealed = sealedComparison(rewriting, scope, operator, leftOperand, rightOperand);
  if (sealed !== null) return sealed;
  const left = inner(leftOperand);
  const right = withoutParens(rightOperand);
  const note = (types: readonly Type[]): void =>
    noteOperator(rewriting.fence, operator, [left.type, ...types]);
  switch (operator) {
    case "between":
    case "between symmetric": {
      if (right.kind !== "AndNode") return refuseNode(right, "bounds of between");
      onlyKeys(right, ["left", "right"]);
      const [low, high] = [inner((right as AndNode).left), inner((right as AndNode).right)];
      note([low.type, high.type]);
      return truth(sql`(${left.text} ${word(operator)} ${low.text} and ${high.text})`);
    }
    case "in":
    case "not in": {
      const { text, types } = members(rewriting, scope, right, inner, leftOperand.kind === "TupleNode");
      note(types);
      return truth(sql`(${left.text} ${word(operator)} (${text}))`);
    }
    case "is":
    case "is not": {
      const value: unknown = right.kind === "ValueNode" ? (right as ValueNode).value : undefined;
      if (value !== null && typeof value !== "boolean") return refuseNode(right, `right side of ${operator}`);
      return truth(sql`(${left.text} ${word(operator)} ${word(String(value))})`);
    }
    default: {
      const quantifier = quantifierOf(right);
      const of =
        quantifier === null
          ? plainSide(operator, right, inner)
          : quantified(rewriting, scope, quantifier, right as FunctionNode, left, inner);
      note([of.type]);
      return binaryOperation(operator, left, of);
    }
  }
}

/** The right side of an operator; a list of values is one where arrays are compared. */
function plainSide(operator: string, node: OperationNode, inner: TypedOf): Typed {
  const value: unknown = node.kind === "ValueNode" ? (node as ValueNode).value : undefined;
  const isList = Array.isArray(value) || (value instanceof Hole && value.kind === "list");
  if (!isList || !comparesArrays(operator)) return inner(node);
  onlyKeys(node, ["value"]);
  return { text: arrayParameter(value), type: valueType };
}

function truth(text: Typed["text"]): Typed {
  return { text, type: "boolean" };
}

interface Members {
  readonly text: Typed["text"];
  readonly types: readonly Type[];
}

/** The right side of `in`. */
function members(
  rewriting: Rewriting,
  scope: Scope,
  node: OperationNode,
  inner: TypedOf,
  several: boolean,
): Members {
  switch (node.kind as string) {
    case "PrimitiveValueListNode": {
      onlyKeys(node, ["values"]);
      const values = valueList((node as PrimitiveValueListNode).values);
      return { text: joined(values, ", "), types: [valueType] };
    }
    case "ValueListNode": {
      onlyKeys(node, ["values"]);
      const { values } = node as ValueListNode;
      if (values.length === 0)
        throw new UnsupportedQuery("query/unsupported-value", "a list in the query is empty");
      const of = values.map(inner);
      return {
        text: joined(
          of.map(({ text }) => text),
          ", ",
        ),
        types: of.map(({ type }) => type),
      };
    }
    case "SelectQueryNode":
      return selected(rewriting, scope, node, several);
    default:
      return refuseNode(node, "right side of in");
  }
}

/** A sub-select that is compared with as a whole: no number of its rows raises an error. */
function selected(rewriting: Rewriting, scope: Scope, node: OperationNode, several: boolean): Members {
  const derived = unsealed(rewriting.select(node, scope));
  return { text: derived.text, types: several ? [null] : [onlyColumn(derived).type ?? null] };
}

const quantifiers = ["any", "some", "all"] as const;

function quantifierOf(node: OperationNode): (typeof quantifiers)[number] | null {
  if (node.kind !== "FunctionNode") return null;
  return quantifiers.find((name) => name === (node as FunctionNode).func) ?? null;
}

/** `any (…)` over a list of values, an array or a sub-select; its type is that of one element. */
function quantified(
  rewriting: Rewriting,
  scope: Scope,
  quantifier: (typeof quantifiers)[number],
  node: FunctionNode,
  left: Typed,
  inner: TypedOf,
): Typed {
  onlyKeys(node, ["func", "arguments"]);
  const [argument, ...more] = node.arguments;
  if (argument === undefined || more.length > 0) throw mismatch(`${quantifier} takes one list or sub-select`);
  const of = withoutParens(argument);
  const wrapped = (text: Typed["text"], type: Type): Typed => ({
    text: sql`${word(quantifier)} (${text})`,
    type,
  });
  if (of.kind === "SelectQueryNode") {
    const derived = unsealed(rewriting.select(of, scope));
    return wrapped(derived.text, onlyColumn(derived).type ?? null);
  }
  if (of.kind === "ValueNode") {
    onlyKeys(of, ["value"]);
    if (!hasArrays(left.type))
      throw mismatch(`${quantifier} over a list takes a column on its left, not ${shownType(left.type)}`);
    return wrapped(
      asType({ text: arrayParameter((of as ValueNode).value), type: valueType }, `${left.type}[]`),
      left.type,
    );
  }
  const array = inner(of);
  if (array.type?.endsWith("[]") !== true)
    throw mismatch(`${quantifier} takes an array, not ${shownType(array.type)}`);
  return wrapped(array.text, array.type.slice(0, -2));
}

export function operatorOf(node: OperationNode): string {
  if (node.kind !== "OperatorNode") return refuseNode(node, "operator");
  onlyKeys(node, ["operator"]);
  return (node as OperatorNode).operator;
}
