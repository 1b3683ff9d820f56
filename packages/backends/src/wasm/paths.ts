/** The tree of paths at which the facts stand in a request. Its leaves are the facts; nothing else of a request is kept. */
import type { Image } from "./image.ts";
import { utf8 } from "./utf8.ts";

interface Node {
  readonly children: Map<string, Node>;
  /** The leaf's number, given in the order of the tree; for an inner node that of the first leaf under it. */
  first: number;
  leaves: number;
}

export class Paths {
  readonly #root: Node = { children: new Map(), first: 0, leaves: 0 };
  readonly #numbers = new Map<string, number>();

  constructor(paths: readonly (readonly string[])[]) {
    for (const path of paths) {
      let node = this.#root;
      for (const key of path) {
        const next = node.children.get(key) ?? { children: new Map(), first: 0, leaves: 0 };
        node.children.set(key, next);
        node = next;
      }
    }
    this.#number(this.#root, []);
    for (const path of paths)
      if (!this.#numbers.has(JSON.stringify(path))) throw new TypeError("a fact stands under another fact");
  }

  get count(): number {
    return this.#root.leaves;
  }

  leaf(path: readonly string[]): number {
    const number = this.#numbers.get(JSON.stringify(path));
    if (number === undefined) throw new RangeError(`no fact is read at ${path.join(".")}`);
    return number;
  }

  /** Writes the tree as runtime/document.ts reads it and gives the address of its root. */
  write(image: Image, leaves: number): number {
    return writeNode(this.#root, image, leaves);
  }

  #number(node: Node, path: readonly string[]): void {
    node.first = this.#numbers.size;
    if (node.children.size === 0) this.#numbers.set(JSON.stringify(path), node.first);
    for (const [key, child] of node.children) this.#number(child, [...path, key]);
    node.leaves = this.#numbers.size - node.first;
  }
}

function writeNode(node: Node, image: Image, leaves: number): number {
  const children = [...node.children].map(([key, child]) => ({
    key: image.text(key),
    bytes: utf8(key),
    node: writeNode(child, image, leaves),
  }));
  children.sort((a, b) => a.bytes.length - b.bytes.length || compareBytes(a.bytes, b.bytes));
  const first = leaves + node.first * 4;
  return image.words([
    children.length === 0 ? first : 0,
    first,
    node.leaves * 4,
    children.length,
    ...children.flatMap((c) => [c.key.at, c.key.length, c.node]),
  ]);
}

function compareBytes(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((byte, index) => byte !== b[index]);
  return i < 0 ? 0 : (a[i] as number) - (b[i] as number);
}
