/**
 * Padding that hides how long a sealed text is, as docs/spec/envelope.md says: a marker and zeros up to one of few lengths. A text has one
 * padded form, and what is in no such form is no text.
 */

/** `padme`: texts have one of few lengths, at least 64 bytes, and a long one grows by less than an eighth. */
export type Padding = "none" | "padme";

/** Bytes of the shortest padded text. */
export const leastPadded = 64;
const marker = 0x80;

/**
 * The length for `length` bytes and their marker: only as many leading bits of it vary as its logarithm has (PADMÉ, Nikitin et al., "Reducing
 * Metadata Leakage from Encrypted Files and Communication with PURBs", PoPETs 2019(4), section 4).
 */
export function paddedLength(length: number): number {
  const least = Math.max(length + 1, leastPadded);
  const exponent = 31 - Math.clz32(least);
  const step = 2 ** (exponent - (32 - Math.clz32(exponent)));
  return Math.ceil(least / step) * step;
}

export function pad(text: Uint8Array): Buffer {
  const padded = Buffer.alloc(paddedLength(text.length));
  padded.set(text);
  padded[text.length] = marker;
  return padded;
}

/** The text of its one padded form; undefined for other bytes. */
export function unpad(padded: Buffer): Buffer | undefined {
  let end = padded.length - 1;
  while (padded[end] === 0) end -= 1;
  return padded[end] === marker && paddedLength(end) === padded.length ? padded.subarray(0, end) : undefined;
}
