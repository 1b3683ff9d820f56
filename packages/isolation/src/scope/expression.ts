/**
 * Expressions of a caller, rebuilt as text. Every operator stands in parentheses, so that the text groups as the tree
 * does. A sealed column is refused wherever a value is computed from it or compared with it.
 */
import type {
  AndNode,
  BinaryOperationNode,
  CaseNode,
  CastNode,
  DataTypeNode,
  FunctionNode,
  OperationNode,
  OperatorNode,
  OrNode,
  ParensNode,
  PrimitiveValueListNode,
  TupleNode,
  UnaryOperationNode,
  ValueListNode,
  ValueNode,
  WhenNode,
} from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { aggregate } from "./aggregate.ts";
import { binaryOperator, castType, scalarFunction } from "./allow-list.ts";
import { noteBinary } from "./fence.ts";
import { referenceName } from "./identifier.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { resolveColumn, type Resolved, type Scope } from "./relation.ts";
import type { Derived, Rewriting } from "./rewriting.ts";
import { joined, named, sql, word, type Sql } from "./text.ts";
import { immediateValue, valueList, valueParameter } from "./value.ts";

/** An expression in a scope. */
export type ExpressionOf = (node: OperationNode) => Sql;

export function expression(rewriting: Rewriting, scope: Scope, node: OperationNode): Sql {
  const inner: ExpressionOf = (child) => expression(rewriting, scope, child);
  switch (node.kind as string) {
    case "ReferenceNode":
    case "ColumnNode":
      return plainColumn(resolveReference(scope, node));
    case "ValueNode": {
      onlyKeys(node, ["value", "immediate"]);
      const { value, immediate } = node as ValueNode;
      return immediate === true ? immediateValue(value) : valueParameter(value);
    }
    case "ParensNode":
      onlyKeys(node, ["node"]);
      return inner((node as ParensNode).node);
    case "AndNode":
      onlyKeys(node, ["left", "right"]);
      return sql`(${inner((node as AndNode).left)} and ${inner((node as AndNode).right)})`;
    case "OrNode":
      onlyKeys(node, ["left", "right"]);
      return sql`(${inner((node as OrNode).left)} or ${inner((node as OrNode).right)})`;
    case "BinaryOperationNode":
      return binary(rewriting, scope, node as BinaryOperationNode, inner);
    case "UnaryOperationNode":
      return unary(rewriting, scope, node as UnaryOperationNode, inner);
    case "FunctionNode": {
      rewriting.fence.keep();
      onlyKeys(node, ["func", "arguments"]);
      const call = node as FunctionNode;
      return sql`${scalarFunction(call.func)}(${joined(call.arguments.map(inner), ", ")})`;
    }
    case "AggregateFunctionNode":
      return aggregate(node, inner);
    case "CaseNode":
      rewriting.fence.keep();
      return caseOf(node as CaseNode, inner);
    case "CastNode": {
      rewriting.fence.keep();
      onlyKeys(node, ["expression", "dataType"]);
      const { expression: of, dataType } = node as CastNode;
      if (dataType.kind !== "DataTypeNode") return refuseNode(dataType, "type of a cast");
      onlyKeys(dataType, ["dataType"]);
      return sql`cast(${inner(of)} as ${castType((dataType as DataTypeNode).dataType)})`;
    }
    case "TupleNode":
      rewriting.fence.keep();
      onlyKeys(node, ["values"]);
      return sql`(${joined((node as TupleNode).values.map(inner), ", ")})`;
    case "SelectQueryNode":
      return sql`(${unsealed(scalarSelect(rewriting, scope, node)).text})`;
    default:
      return refuseNode(node, "expression");
  }
}

/** A sub-select in place of one value. The server raises an error where it has two rows, and so could tell of a row outside. */
export function scalarSelect(rewriting: Rewriting, scope: Scope, node: OperationNode): Derived {
  rewriting.fence.keep();
  return rewriting.select(node, scope);
}

/** The column that a reference names, sealed or not. */
export function resolveReference(scope: Scope, node: OperationNode): Resolved {
  const { table, column } = referenceName(node);
  return resolveColumn(scope, table, column);
}

/** A column's text; refused if it is sealed. */
export function plainColumn(resolved: Resolved): Sql {
  if (resolved.column.sealed !== null) throw sealedColumn(resolved.column.name);
  return named(resolved.relation.alias, resolved.column.name);
}

export function sealedColumn(name: string): UnsupportedQuery {
  return new UnsupportedQuery(
    "query/sealed-column",
    `column ${name} is sealed: it can be selected, and nothing else`,
  );
}

function unsealed(derived: Derived): Derived {
  const sealed = derived.columns.find((column) => column.sealed !== null);
  if (sealed !== undefined) throw sealedColumn(sealed.name);
  return derived;
}

function binary(rewriting: Rewriting, scope: Scope, node: BinaryOperationNode, inner: ExpressionOf): Sql {
  onlyKeys(node, ["leftOperand", "operator", "rightOperand"]);
  const operator = operatorOf(node.operator);
  noteBinary(rewriting.fence, scope, operator, node.leftOperand, node.rightOperand);
  const left = inner(node.leftOperand);
  const right = node.rightOperand;
  switch (operator) {
    case "between":
    case "between symmetric": {
      if (right.kind !== "AndNode") return refuseNode(right, "bounds of between");
      onlyKeys(right, ["left", "right"]);
      const { left: low, right: high } = right as AndNode;
      return sql`(${left} ${word(operator)} ${inner(low)} and ${inner(high)})`;
    }
    case "in":
    case "not in":
      return sql`(${left} ${word(operator)} ${members(rewriting, scope, right, inner)})`;
    case "is":
    case "is not": {
      const value: unknown = right.kind === "ValueNode" ? (right as ValueNode).value : undefined;
      if (value !== null && typeof value !== "boolean") return refuseNode(right, `right side of ${operator}`);
      return sql`(${left} ${word(operator)} ${word(String(value))})`;
    }
    default:
      return sql`(${left} ${binaryOperator(operator)} ${inner(right)})`;
  }
}

/** The right side of `in`. */
function members(rewriting: Rewriting, scope: Scope, node: OperationNode, inner: ExpressionOf): Sql {
  switch (node.kind as string) {
    case "PrimitiveValueListNode":
      onlyKeys(node, ["values"]);
      return sql`(${joined(valueList((node as PrimitiveValueListNode).values), ", ")})`;
    case "ValueListNode": {
      onlyKeys(node, ["values"]);
      const { values } = node as ValueListNode;
      if (values.length === 0)
        throw new UnsupportedQuery("query/unsupported-value", "a list in the query is empty");
      return sql`(${joined(values.map(inner), ", ")})`;
    }
    case "ParensNode":
      onlyKeys(node, ["node"]);
      return members(rewriting, scope, (node as ParensNode).node, inner);
    case "SelectQueryNode":
      return sql`(${unsealed(rewriting.select(node, scope)).text})`;
    default:
      return refuseNode(node, "right side of in");
  }
}

function unary(rewriting: Rewriting, scope: Scope, node: UnaryOperationNode, inner: ExpressionOf): Sql {
  onlyKeys(node, ["operator", "operand"]);
  const operator = operatorOf(node.operator);
  switch (operator) {
    case "not":
      return sql`(not ${inner(node.operand)})`;
    case "-":
      rewriting.fence.keep();
      return sql`(- ${inner(node.operand)})`;
    case "exists":
    case "not exists": {
      const operand = withoutParens(node.operand);
      if (operand.kind !== "SelectQueryNode") return refuseNode(operand, "exists");
      // What it selects is not looked at, so a sealed column may be named there.
      return sql`(${word(operator)} (${rewriting.select(operand, scope).text}))`;
    }
    default:
      throw new UnsupportedQuery("query/unsupported-operator", `operator ${operator} is not supported`);
  }
}

export function withoutParens(node: OperationNode): OperationNode {
  if (node.kind !== "ParensNode") return node;
  onlyKeys(node, ["node"]);
  return withoutParens((node as ParensNode).node);
}

function operatorOf(node: OperationNode): string {
  if (node.kind !== "OperatorNode") return refuseNode(node, "operator");
  onlyKeys(node, ["operator"]);
  return (node as OperatorNode).operator;
}

function caseOf(node: CaseNode, inner: ExpressionOf): Sql {
  onlyKeys(node, ["value", "when", "else"]);
  const whens = (node.when ?? []).map((item) => whenOf(item, inner));
  const value = node.value === undefined ? [] : [inner(node.value)];
  const otherwise = node.else === undefined ? [] : [sql`else ${inner(node.else)}`];
  return sql`(${joined([word("case"), ...value, ...whens, ...otherwise, word("end")], " ")})`;
}

function whenOf(node: WhenNode, inner: ExpressionOf): Sql {
  onlyKeys(node, ["condition", "result"]);
  if (node.kind !== "WhenNode" || node.result === undefined) return refuseNode(node, "case");
  return sql`when ${inner(node.condition)} then ${inner(node.result)}`;
}
