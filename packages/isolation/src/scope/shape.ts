/**
 * The shape of a query tree: everything that stands in it but the caller's values, of which only the kind is kept. It is taken
 * from a snapshot. A tree has a shape exactly if its snapshot is the one that the shape was taken from but for those values; it
 * is looked at as a snapshot looks at it, each property once, so a tree that has the shape needs no copy.
 */
import type { OperationNode } from "kysely";
import { Hole, holeKind, holeValue } from "./hole.ts";
import { copyValue } from "./snapshot.ts";

export interface Shape {
  readonly root: Part;
  /** About as many characters as it takes. */
  readonly size: number;
}

export interface TakenShape {
  readonly shape: Shape;
  /** The values, as they become parameters, in the order of the holes. */
  readonly values: readonly unknown[];
  /** The tree with a hole for each value. */
  readonly holed: OperationNode;
}

type Part = Hole | NodeShape | readonly Part[] | string | number | bigint | boolean | null | undefined;

class NodeShape {
  readonly names: readonly string[];
  readonly parts: readonly Part[];

  constructor(names: readonly string[], parts: readonly Part[]) {
    this.names = names;
    this.parts = parts;
  }
}

/** Larger shapes than this are of queries too large to be asked often. */
const maxSize = 32_768;

/** Characters that a part is counted as beside its own. */
const partSize = 8;

interface Taking {
  readonly values: unknown[];
  size: number;
}

/** One for all: making an error costs more than taking most shapes. */
const none = new Error("the tree has no shape");

/** The shape of a snapshot; null where it has none, because it is too large or holds what is not known. */
export function shapeOf(root: OperationNode): TakenShape | null {
  const taking: Taking = { values: [], size: 0 };
  try {
    const holed = holedNode(root, taking) as OperationNode;
    return { shape: { root: partOf(holed), size: taking.size }, values: taking.values, holed };
  } catch (error) {
    if (error === none) return null;
    throw error;
  }
}

function holedNode(node: unknown, taking: Taking): unknown {
  if (typeof node !== "object" || node === null) return holedPlain(node, taking);
  count(taking, 0);
  if (Array.isArray(node)) return Object.freeze(node.map((item) => holedNode(item, taking)));
  if (typeof (node as { readonly kind?: unknown }).kind !== "string") throw none;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, part] of Object.entries(node)) {
    count(taking, name.length);
    const place = valuePlace(node, name);
    copy[name] =
      place === "none"
        ? holedNode(part, taking)
        : place === "one"
          ? holedValue(part, taking)
          : holedList(part, taking);
  }
  return Object.freeze(copy);
}

function holedPlain(value: unknown, taking: Taking): unknown {
  if (typeof value === "symbol" || typeof value === "function") throw none;
  if (typeof value === "number" && !Number.isFinite(value)) throw none;
  count(taking, typeof value === "string" ? value.length : 0);
  return value;
}

/** Where values stand that are parameters and nothing else: not those that the builder writes into the text. */
function valuePlace(node: object, name: string): "one" | "several" | "none" {
  const { kind, immediate } = node as { readonly kind?: unknown; readonly immediate?: unknown };
  if (kind === "ValueNode" && name === "value" && immediate === undefined) return "one";
  return kind === "PrimitiveValueListNode" && name === "values" ? "several" : "none";
}

function holedValue(value: unknown, taking: Taking): unknown {
  const kind = holeKind(value);
  if (kind === null) {
    // Null and the truth values may become words of the text.
    if (typeof value === "object" && value !== null) throw none;
    return holedPlain(value, taking);
  }
  count(taking, 0);
  return new Hole(taking.values.push(holeValue(value)) - 1, kind);
}

function holedList(list: unknown, taking: Taking): unknown {
  if (!Array.isArray(list)) throw none;
  return Object.freeze(
    list.map((value: unknown) => {
      if (Array.isArray(value)) throw none;
      return holedValue(value, taking);
    }),
  );
}

function count(taking: Taking, characters: number): void {
  taking.size += characters + partSize;
  if (taking.size > maxSize) throw none;
}

function partOf(holed: unknown): Part {
  if (typeof holed !== "object" || holed === null || holed instanceof Hole) return holed as Part;
  if (Array.isArray(holed)) return holed.map(partOf);
  return new NodeShape(Object.keys(holed), Object.values(holed).map(partOf));
}

/** The values of a tree of this shape; null for any other tree. Throws what a snapshot throws for values that are too large. */
export function valuesIn({ root }: Shape, tree: unknown): readonly unknown[] | null {
  const values: unknown[] = [];
  return has(root, tree, values) ? values : null;
}

function has(part: Part, given: unknown, values: unknown[]): boolean {
  if (typeof part !== "object" || part === null) return Object.is(part, given);
  if (part instanceof Hole) {
    const value = copyValue(given);
    if (holeKind(value) !== part.kind) return false;
    values[part.index] = holeValue(value);
    return true;
  }
  if (typeof given !== "object" || given === null) return false;
  return part instanceof NodeShape ? hasParts(part, given, values) : hasItems(part, given, values);
}

function hasParts({ names, parts }: NodeShape, given: object, values: unknown[]): boolean {
  if (Array.isArray(given)) return false;
  let at = 0;
  for (const name of Object.keys(given)) {
    const value = (given as Record<string, unknown>)[name];
    // What is not there and what is undefined are the same to a snapshot.
    if (value === undefined) continue;
    if (name !== names[at] || !has(parts[at], value, values)) return false;
    at += 1;
  }
  return at === names.length;
}

function hasItems(parts: readonly Part[], given: object, values: unknown[]): boolean {
  if (!Array.isArray(given) || given.length !== parts.length) return false;
  for (let index = 0; index < parts.length; index += 1)
    if (!has(parts[index], given[index], values)) return false;
  return true;
}
