/** A tree that only grows, in the space of its right edge: enough to say its root at every size it passes through. */
import { emptyRoot, nodeHash } from "./merkle-hash.ts";

/** A tree without its leaves: how many it has, and the roots of its complete subtrees from left to right. */
export interface TreeEdge {
  readonly size: number;
  /** Hex; one for each 1 in the binary form of `size`, the largest subtree first. */
  readonly peaks: readonly string[];
}

export class GrowingTree {
  #size = 0;
  readonly #peaks: string[] = [];

  /** Goes on from an edge. Throws a TypeError for one that cannot be. */
  static from({ size, peaks }: TreeEdge): GrowingTree {
    if (!Number.isSafeInteger(size) || size < 0 || peaks.length !== onesIn(size))
      throw new TypeError("the edge of a tree has one subtree for each 1 in its size");
    const tree = new GrowingTree();
    tree.#size = size;
    tree.#peaks.push(...peaks);
    return tree;
  }

  get size(): number {
    return this.#size;
  }

  edge(): TreeEdge {
    return { size: this.#size, peaks: [...this.#peaks] };
  }

  append(leaf: string): void {
    let top = leaf;
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2)
      top = nodeHash(this.#peaks.pop() as string, top);
    this.#peaks.push(top);
    this.#size += 1;
  }

  root(): string {
    let root: string | undefined;
    for (const peak of this.#peaks.toReversed()) root = root === undefined ? peak : nodeHash(peak, root);
    return root ?? emptyRoot;
  }
}

function onesIn(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
