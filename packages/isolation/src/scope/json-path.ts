/**
 * `->` and `->>` on a value that is JSON: a cast to jsonb, or what an aggregate made. Keys and places are parameters, so that a
 * leg of a path never becomes text. The paths of other databases (`->$`) are refused.
 */
import type { JSONReferenceNode, OperationNode, OperatorNode, ValueNode } from "kysely";
import { isText } from "@wardline/core";
import { UnsupportedQuery } from "../errors.ts";
import { Hole } from "./hole.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";
import { parameter, sql, word, type Sql } from "./text.ts";
import { mismatch, shownType, type Typed } from "./type.ts";

export function jsonReference(node: OperationNode, inner: (child: OperationNode) => Typed): Typed {
  onlyKeys(node, ["reference", "traversal"]);
  const { reference, traversal } = node as JSONReferenceNode;
  if (traversal.kind !== "JSONOperatorChainNode") return refuseNode(traversal, "path in JSON");
  onlyKeys(traversal, ["operator", "values"]);
  const { operator, values } = traversal;
  const last = operatorOf(operator);
  if (values.length === 0) return refuseNode(traversal, "path in JSON");
  const of = inner(reference);
  if (of.type !== "json" && of.type !== "jsonb")
    throw mismatch(
      `${last} takes json or jsonb, not ${shownType(of.type)}: cast it to jsonb in a sub-select`,
    );
  const text = values.reduce((from: Sql, leg, index) => {
    const symbol = word(index === values.length - 1 ? last : "->");
    return sql`(${from} ${symbol} ${legOf(leg)})`;
  }, of.text);
  return { text, type: last === "->>" ? "text" : of.type };
}

function operatorOf(node: OperatorNode): "->" | "->>" {
  if (node.kind !== "OperatorNode") return refuseNode(node, "path in JSON");
  onlyKeys(node, ["operator"]);
  const operator = node.operator as string;
  if (operator !== "->" && operator !== "->>")
    throw new UnsupportedQuery("query/unsupported-operator", "a path in JSON is written with -> or ->>");
  return operator;
}

function legOf(node: ValueNode): Sql {
  if (node.kind !== "ValueNode") return refuseNode(node, "path in JSON");
  onlyKeys(node, ["value", "immediate"]);
  const { value } = node;
  const kind = value instanceof Hole ? value.kind : null;
  if (kind === "text" || (typeof value === "string" && isText(value)))
    return sql`cast(${parameter(value)} as text)`;
  if (kind === "place" || (typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 31))
    return sql`cast(${parameter(value)} as pg_catalog.int4)`;
  throw new UnsupportedQuery("query/unsupported-value", "a leg of a path in JSON is no text and no place");
}
