/** Sets of small whole numbers as bits. An array is as long as its greatest member asks for; beyond its end nothing is set. */

export type Bits = Uint32Array;

export const noBits: Bits = new Uint32Array(0);

export function hasBit(bits: Bits, member: number): boolean {
  const word = member >> 5;
  return word < bits.length && (((bits[word] as number) >>> (member & 31)) & 1) === 1;
}

/** The union of the sets, and one more member where it is not negative; the first array itself where that adds nothing. */
export function withBits(bits: Bits, others: Bits, member: number): Bits {
  if (includesBits(bits, others) && (member < 0 || hasBit(bits, member))) return bits;
  const union = new Uint32Array(Math.max(bits.length, others.length, (member >> 5) + 1));
  union.set(bits);
  for (let i = 0; i < others.length; i += 1) union[i] = (union[i] as number) | (others[i] as number);
  if (member >= 0) union[member >> 5] = (union[member >> 5] as number) | (1 << (member & 31));
  return union;
}

export function equalBits(a: Bits, b: Bits): boolean {
  return includesBits(a, b) && includesBits(b, a);
}

function includesBits(bits: Bits, others: Bits): boolean {
  for (let i = 0; i < others.length; i += 1) {
    const own = i < bits.length ? (bits[i] as number) : 0;
    if (((others[i] as number) & ~own) !== 0) return false;
  }
  return true;
}
