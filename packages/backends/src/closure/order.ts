/** Order of values in wire form, by their text, without big integers. Both sides must be canonical and of one scale. */

/** Canonical decimals of one scale order by sign, then length, then text: −1, 0 or 1. */
export function orderDecimals(a: string, b: string): number {
  if (a === b) return 0;
  const negative = a.charCodeAt(0) === minus;
  if (negative !== (b.charCodeAt(0) === minus)) return negative ? -1 : 1;
  const smaller = a.length === b.length ? a < b : a.length < b.length;
  return smaller === negative ? 1 : -1;
}

const minus = 45;

/** Canonical instants have one width and the largest unit first, so their texts order as they do: −1, 0 or 1. */
export function orderInstants(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

export function orderNumbers(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
