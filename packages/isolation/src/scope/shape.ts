/**
 * The shape of a query tree: everything that stands in it but the caller's values, of which only the kind is kept. It is read
 * from a snapshot. Two trees have one shape exactly if they are the same but for those values; what is not known has no shape.
 */
import type { OperationNode } from "kysely";
import { Hole, holeKind, holeValue } from "./hole.ts";
import { structureKey, textKey } from "./structure-key.ts";

export interface Shape {
  readonly key: string;
  /** The values, as they become parameters, in the order of the holes. */
  readonly values: readonly unknown[];
  /** The tree with a hole for each value. */
  readonly holed: () => OperationNode;
}

/** Longer keys than this are of queries too large to be asked often. */
const maxKey = 16_384;

/** The shape of a snapshot; null where it has none. */
export function shapeOf(root: OperationNode): Shape | null {
  const values: unknown[] = [];
  const key = nodeKey(root, values);
  if (key === null || key.length > maxKey) return null;
  return { key, values: values.map(holeValue), holed: () => holedNode(root, { next: 0 }) as OperationNode };
}

function nodeKey(node: unknown, values: unknown[]): string | null {
  if (typeof node !== "object" || node === null) return structureKey(node);
  if (Array.isArray(node)) {
    let key = "[";
    for (const item of node) {
      const of = nodeKey(item, values);
      if (of === null) return null;
      key += of;
    }
    return `${key}]`;
  }
  let key = "{";
  for (const [name, part] of Object.entries(node)) {
    const place = valuePlace(node, name);
    const of =
      place === "none"
        ? nodeKey(part, values)
        : place === "one"
          ? valueKey(part, values)
          : listKey(part, values);
    if (of === null) return null;
    key += textKey(name) + of;
  }
  return `${key}}`;
}

/** Where values stand that are parameters and nothing else: not those that the builder writes into the text. */
function valuePlace(node: object, name: string): "one" | "several" | "none" {
  const { kind, immediate } = node as { readonly kind?: unknown; readonly immediate?: unknown };
  if (kind === "ValueNode" && name === "value" && immediate === undefined) return "one";
  return kind === "PrimitiveValueListNode" && name === "values" ? "several" : "none";
}

function valueKey(value: unknown, values: unknown[]): string | null {
  const kind = holeKind(value);
  // Null and the truth values may become words of the text.
  if (kind === null) return typeof value === "object" && value !== null ? null : structureKey(value);
  values.push(value);
  return `?${kind};`;
}

function listKey(list: unknown, values: unknown[]): string | null {
  if (!Array.isArray(list)) return null;
  let key = "[";
  for (const value of list) {
    const of = Array.isArray(value) ? null : valueKey(value, values);
    if (of === null) return null;
    key += of;
  }
  return `${key}]`;
}

interface Counter {
  next: number;
}

function holedNode(node: unknown, counter: Counter): unknown {
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return Object.freeze(node.map((item) => holedNode(item, counter)));
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, part] of Object.entries(node)) {
    const place = valuePlace(node, name);
    copy[name] =
      place === "none"
        ? holedNode(part, counter)
        : place === "one"
          ? holedValue(part, counter)
          : Object.freeze((part as readonly unknown[]).map((value) => holedValue(value, counter)));
  }
  return Object.freeze(copy);
}

function holedValue(value: unknown, counter: Counter): unknown {
  const kind = holeKind(value);
  return kind === null ? value : new Hole(counter.next++, kind);
}
