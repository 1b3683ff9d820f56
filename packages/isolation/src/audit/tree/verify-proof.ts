/** Checks the proofs of RFC 6962, as RFC 9162 (2.1.3.2, 2.1.4.2) says. What is no proof is false, never an error. */
import { emptyRoot, nodeHash } from "./merkle-hash.ts";

/** Whether a leaf stands at an index (from 0) of the tree of this size and root. */
export function verifyInclusion(
  leaf: string,
  index: number,
  size: number,
  root: string,
  path: readonly string[],
): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || ![leaf, root, ...path].every(isHash))
    return false;
  let [place, last] = [index, size - 1];
  let made = leaf;
  for (const step of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      made = nodeHash(step, made);
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else made = nodeHash(made, step);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && made === root;
}

/** Whether the second tree begins with all leaves of the first. Every tree goes on from the empty one. */
export function verifyConsistency(
  first: { readonly size: number; readonly root: string },
  second: { readonly size: number; readonly root: string },
  proof: readonly string[],
): boolean {
  if (!isCount(first.size) || !isCount(second.size) || first.size > second.size) return false;
  if (![first.root, second.root, ...proof].every(isHash)) return false;
  if (first.size === 0) return first.root === emptyRoot && proof.length === 0;
  if (first.size === second.size) return first.root === second.root && proof.length === 0;
  let [place, last] = [first.size - 1, second.size - 1];
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  // Where the first tree is complete it is itself the first step.
  const [start, ...steps] = place === 0 ? [first.root, ...proof] : proof;
  if (start === undefined) return false;
  let [old, made] = [start, start];
  for (const step of steps) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      old = nodeHash(step, old);
      made = nodeHash(step, made);
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else made = nodeHash(made, step);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && old === first.root && made === second.root;
}

const half = (value: number): number => Math.floor(value / 2);
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isHash = (text: unknown): boolean => typeof text === "string" && /^[0-9a-f]{64}$/.test(text);
