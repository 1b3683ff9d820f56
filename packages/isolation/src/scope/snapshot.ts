/**
 * A copy of a query tree, made before anything in it is judged: each property is read once, so a tree that answers
 * differently the second time, or is changed while it is being checked, gains nothing. Nothing of the original stays
 * in the copy, and no function does, so that every method called on the copy is the language's own.
 */
import { types } from "node:util";
import type { OperationNode } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import { isSealedValue } from "../seal/sealed.ts";

/** The deepest nesting of a query tree. */
const maxDepth = 1000;

/** The most nodes and values of a query tree. One that names the same part often is written out as a tree. */
const maxParts = 500_000;

export function snapshot(root: unknown): OperationNode {
  return copyNode(root, 0, counter()) as OperationNode;
}

function counter(): () => void {
  let parts = 0;
  return () => {
    parts += 1;
    if (parts > maxParts) throw refused("the query is too large");
  };
}

function copyNode(source: unknown, depth: number, count: () => void): unknown {
  count();
  if (depth > maxDepth) throw refused("the query is nested too deeply");
  if (typeof source === "function") throw refused("a function stands in the query");
  if (Array.isArray(source)) return copyList(source, (item) => copyNode(item, depth + 1, count));
  if (typeof source !== "object" || source === null) return source;
  const entries = Object.entries(source as Record<string, unknown>);
  const kind = entries.find(([key]) => key === "kind")?.[1];
  if (typeof kind !== "string") throw refused("a part of the query is no node");
  const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of entries) {
    if (value === undefined) continue;
    if (holdsValues(kind, key)) count();
    copy[key] = holdsValues(kind, key) ? copyValue(value, count) : copyNode(value, depth + 1, count);
  }
  return Object.freeze(copy);
}

/** A list of our own. The methods of the given one are not called: it may have brought its own. */
function copyList(source: readonly unknown[], copyItem: (item: unknown) => unknown): readonly unknown[] {
  const copy: unknown[] = [];
  for (let index = 0; index < source.length; index += 1) copy.push(copyItem(source[index]));
  return Object.freeze(copy);
}

/** Where a caller's values stand, which are no nodes. */
function holdsValues(kind: string, key: string): boolean {
  return (kind === "ValueNode" && key === "value") || (kind === "PrimitiveValueListNode" && key === "values");
}

/**
 * A value as a snapshot has it. Dates become text. What is no plain value becomes an empty object, which is refused where it is
 * used; a sealed value stays one. Throws `query/unsupported-node` for a list that is too long.
 */
export function copyValue(value: unknown, count: () => void = counter()): unknown {
  if (typeof value !== "object" || value === null) return value;
  // Frozen, and known by what nothing else can have.
  if (isSealedValue(value)) return value;
  if (Array.isArray(value))
    return copyList(value, (item) => {
      count();
      return Array.isArray(item) ? notPlain : copyValue(item, count);
    });
  // By the language's own methods, whatever the object calls its own.
  const isDate = types.isDate(value) && !Number.isNaN(Date.prototype.getTime.call(value));
  return isDate ? Date.prototype.toISOString.call(value) : notPlain;
}

const notPlain = Object.freeze({});

function refused(what: string): UnsupportedQuery {
  return new UnsupportedQuery("query/unsupported-node", what);
}
