/**
 * Expressions of a caller, rebuilt as text. Every operator stands in parentheses, so that the text groups as the tree
 * does. A sealed column is refused wherever a value is computed from it or compared with it.
 */
import type {
  AggregateFunctionNode,
  AndNode,
  CastNode,
  DataTypeNode,
  FunctionNode,
  OperationNode,
  OrNode,
  ParensNode,
  TupleNode,
  UnaryOperationNode,
  ValueNode,
} from "kysely";
import { aggregate } from "./aggregate.ts";
import { binary, operatorOf } from "./binary.ts";
import { caseOf } from "./case.ts";
import { jsonReference } from "./json-path.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { unsupportedOperator } from "./operator.ts";
import { withoutParens } from "./parens.ts";
import { fromRaw } from "./raw.ts";
import { plainColumn, resolveReference } from "./reference.ts";
import { seesOutside, type Scope } from "./relation.ts";
import type { Rewriting } from "./rewriting.ts";
import { scalarCall } from "./scalar-function.ts";
import { onlyColumn, scalarSelect, unsealed } from "./sub-select.ts";
import { joined, sql, word, type Sql } from "./text.ts";
import { asType, castType, valueType, type Typed } from "./type.ts";
import { immediateType, immediateValue, valueParameter } from "./value.ts";

/** The text of an expression in a scope. */
export function expression(rewriting: Rewriting, scope: Scope, node: OperationNode): Sql {
  return typed(rewriting, scope, node).text;
}

export function typed(rewriting: Rewriting, scope: Scope, node: OperationNode): Typed {
  const inner = (child: OperationNode): Typed => typed(rewriting, scope, child);
  switch (node.kind as string) {
    case "ReferenceNode":
    case "ColumnNode": {
      const resolved = resolveReference(scope, node);
      return { text: plainColumn(resolved), type: resolved.column.type ?? null };
    }
    case "ValueNode": {
      onlyKeys(node, ["value", "immediate"]);
      const { value, immediate } = node as ValueNode;
      return immediate === true
        ? { text: immediateValue(value), type: immediateType(value) }
        : { text: valueParameter(value), type: valueType };
    }
    case "ParensNode":
      onlyKeys(node, ["node"]);
      return inner((node as ParensNode).node);
    case "AndNode":
    case "OrNode": {
      onlyKeys(node, ["left", "right"]);
      const { left, right } = node as AndNode | OrNode;
      const conjunction = word(node.kind === "AndNode" ? "and" : "or");
      return { text: sql`(${inner(left).text} ${conjunction} ${inner(right).text})`, type: "boolean" };
    }
    case "BinaryOperationNode":
      return binary(rewriting, scope, node, inner);
    case "UnaryOperationNode":
      return unary(rewriting, scope, node as UnaryOperationNode, inner);
    case "FunctionNode": {
      rewriting.fence.keep();
      onlyKeys(node, ["func", "arguments"]);
      const call = node as FunctionNode;
      return scalarCall(call.func, () => call.arguments.map(inner));
    }
    case "AggregateFunctionNode":
      // At the top it runs on rows that the view showed; inside a sub-select of another row it may run before that is known.
      if ((node as AggregateFunctionNode).func !== "count" && seesOutside(scope)) rewriting.fence.keep();
      return aggregate(node, inner);
    case "CaseNode":
      rewriting.fence.keep();
      return caseOf(node, inner);
    case "CastNode": {
      rewriting.fence.keep();
      onlyKeys(node, ["expression", "dataType"]);
      const { expression: of, dataType } = node as CastNode;
      if (dataType.kind !== "DataTypeNode") return refuseNode(dataType, "type of a cast");
      onlyKeys(dataType, ["dataType"]);
      const type = castType((dataType as DataTypeNode).dataType);
      return { text: sql`${asType(inner(of), type)}`, type };
    }
    case "JSONReferenceNode":
      rewriting.fence.keep();
      return jsonReference(node, inner);
    case "TupleNode":
      rewriting.fence.keep();
      onlyKeys(node, ["values"]);
      return {
        text: sql`(${joined(
          (node as TupleNode).values.map((value) => inner(value).text),
          ", ",
        )})`,
        type: null,
      };
    case "SelectQueryNode": {
      const derived = unsealed(scalarSelect(rewriting, scope, node));
      return { text: sql`(${derived.text})`, type: onlyColumn(derived).type ?? null };
    }
    case "RawNode":
      return inner(fromRaw(node, "expression"));
    default:
      return refuseNode(node, "expression");
  }
}

function unary(
  rewriting: Rewriting,
  scope: Scope,
  node: UnaryOperationNode,
  inner: (child: OperationNode) => Typed,
): Typed {
  onlyKeys(node, ["operator", "operand"]);
  const operator = operatorOf(node.operator);
  switch (operator) {
    case "not":
      return { text: sql`(not ${inner(node.operand).text})`, type: "boolean" };
    case "-": {
      rewriting.fence.keep();
      const { text, type } = inner(node.operand);
      return { text: sql`(- ${text})`, type };
    }
    case "exists":
    case "not exists": {
      const operand = withoutParens(node.operand);
      if (operand.kind !== "SelectQueryNode") return refuseNode(operand, "exists");
      // What it selects is not looked at, so a sealed column may be named there.
      const { text } = rewriting.select(operand, scope);
      return { text: sql`(${word(operator)} (${text}))`, type: "boolean" };
    }
    default:
      throw unsupportedOperator(operator);
  }
}
