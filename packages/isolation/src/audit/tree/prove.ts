/** Makes the proofs of RFC 6962 from the leaves of a tree. */
import { emptyRoot, nodeHash } from "./merkle-hash.ts";

/** The leaf hashes of a tree, hex, by their index from 0. */
export interface Leaves {
  readonly size: number;
  at(index: number): string;
}

export const leavesOf = (hashes: readonly string[]): Leaves => ({
  size: hashes.length,
  at: (index) => hashes[index] as string,
});

/** The root over the first `size` leaves. */
export function rootOf(leaves: Leaves, size: number = leaves.size): string {
  within(size, leaves.size);
  return size === 0 ? emptyRoot : subtree(leaves, 0, size);
}

/** The path from a leaf to the root over the first `size` leaves. Throws a RangeError where there is no such leaf. */
export function proveInclusion(leaves: Leaves, index: number, size: number = leaves.size): readonly string[] {
  within(size, leaves.size);
  within(index, size - 1);
  const path: string[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + split(to - from);
    if (index < middle) {
      path.push(subtree(leaves, middle, to));
      to = middle;
    } else {
      path.push(subtree(leaves, from, middle));
      from = middle;
    }
  }
  return path.toReversed();
}

/** That the tree over the first `size` leaves goes on from the one over the first `first`, of which there is at least one. */
export function proveConsistency(
  leaves: Leaves,
  first: number,
  size: number = leaves.size,
): readonly string[] {
  within(size, leaves.size);
  within(first, size);
  if (first === 0 || first === size) return [];
  return consistency(leaves, first, 0, size, true);
}

function consistency(
  leaves: Leaves,
  first: number,
  from: number,
  to: number,
  isWhole: boolean,
): readonly string[] {
  const size = to - from;
  if (first === size) return isWhole ? [] : [subtree(leaves, from, to)];
  const left = split(size);
  return first <= left
    ? [...consistency(leaves, first, from, from + left, isWhole), subtree(leaves, from + left, to)]
    : [...consistency(leaves, first - left, from + left, to, false), subtree(leaves, from, from + left)];
}

function subtree(leaves: Leaves, from: number, to: number): string {
  if (to - from === 1) return leaves.at(from);
  const middle = from + split(to - from);
  return nodeHash(subtree(leaves, from, middle), subtree(leaves, middle, to));
}

/** The largest power of two below a size of at least 2. */
function split(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

function within(value: number, highest: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > highest)
    throw new RangeError("the tree has no such place");
}
