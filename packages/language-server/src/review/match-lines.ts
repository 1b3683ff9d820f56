/** The lines that two texts have in common, in order. By Myers, "An O(ND) difference algorithm and its variations" (1986). */

/** The most lines that are looked for one by one: where more differ, all between the common beginning and end is exchanged. */
const mostEdits = 1000;

/** Pairs of indices of equal lines, ascending in both. */
export function matchLines(
  one: readonly string[],
  other: readonly string[],
): readonly (readonly [number, number])[] {
  const most = Math.min(one.length, other.length);
  let head = 0;
  while (head < most && one[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < most - head && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  const middle = shortest(one.slice(head, one.length - tail), other.slice(head, other.length - tail));
  return [
    ...range(head).map((i) => [i, i] as const),
    ...middle.map(([i, j]) => [i + head, j + head] as const),
    ...range(tail).map((i) => [one.length - tail + i, other.length - tail + i] as const),
  ];
}

function shortest(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  if (a.length === 0 || b.length === 0) return [];
  const limit = Math.min(a.length + b.length, mostEdits);
  // How far each diagonal is reached, after each number of edits.
  const trace: Int32Array[] = [];
  const reached = new Int32Array(2 * limit + 3);
  const at = (k: number) => k + limit + 1;
  for (let edits = 0; edits <= limit; edits += 1) {
    trace.push(reached.slice());
    for (let k = -edits; k <= edits; k += 2) {
      let i = isDown(reached, at(k), k, edits) ? value(reached, at(k + 1)) : value(reached, at(k - 1)) + 1;
      while (i < a.length && i - k < b.length && a[i] === b[i - k]) i += 1;
      reached[at(k)] = i;
      if (i >= a.length && i - k >= b.length) return backtrack(trace, a.length, b.length, at);
    }
  }
  return [];
}

function backtrack(
  trace: readonly Int32Array[],
  lengthA: number,
  lengthB: number,
  at: (k: number) => number,
): readonly (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  let [i, j] = [lengthA, lengthB];
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reached = trace[edits] as Int32Array;
    const k = i - j;
    const before = isDown(reached, at(k), k, edits) ? k + 1 : k - 1;
    const from = value(reached, at(before));
    const start = edits === 0 ? 0 : before > k ? from : from + 1;
    while (i > start) {
      i -= 1;
      j -= 1;
      pairs.push([i, j]);
    }
    if (edits > 0) [i, j] = [from, from - before];
  }
  return pairs.toReversed();
}

function isDown(reached: Int32Array, at: number, k: number, edits: number): boolean {
  return k === -edits || (k !== edits && value(reached, at - 1) < value(reached, at + 1));
}

function value(reached: Int32Array, at: number): number {
  return reached[at] ?? 0;
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
