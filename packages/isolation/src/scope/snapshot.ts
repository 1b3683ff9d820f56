/**
 * A copy of a query tree, made before anything in it is judged: each property is read once, so a tree that answers
 * differently the second time, or is changed while it is being checked, gains nothing.
 */
import type { OperationNode } from "kysely";
import { UnsupportedQuery } from "../errors.ts";

/** The deepest nesting of a query tree. */
const maxDepth = 1000;

export function snapshot(root: unknown): OperationNode {
  return copyNode(root, 0) as OperationNode;
}

function copyNode(source: unknown, depth: number): unknown {
  if (depth > maxDepth)
    throw new UnsupportedQuery("query/unsupported-node", "the query is nested too deeply");
  if (Array.isArray(source)) return Object.freeze(source.map((item) => copyNode(item, depth + 1)));
  if (typeof source !== "object" || source === null) return source;
  const entries = Object.entries(source as Record<string, unknown>);
  const kind = entries.find(([key]) => key === "kind")?.[1];
  if (typeof kind !== "string")
    throw new UnsupportedQuery("query/unsupported-node", "a part of the query is no node");
  const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of entries) {
    if (value === undefined) continue;
    copy[key] = holdsValues(kind, key) ? copyValue(value) : copyNode(value, depth + 1);
  }
  return Object.freeze(copy);
}

/** Where a caller's values stand, which are no nodes. */
function holdsValues(kind: string, key: string): boolean {
  return (kind === "ValueNode" && key === "value") || (kind === "PrimitiveValueListNode" && key === "values");
}

/** Dates become text; what is no plain value is refused where it is used. */
function copyValue(value: unknown): unknown {
  if (Array.isArray(value))
    return Object.freeze(value.map((item) => (Array.isArray(item) ? {} : copyValue(item))));
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value;
}
