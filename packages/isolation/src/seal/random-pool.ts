/** Random bytes from the system, drawn in blocks because each draw costs a call. A byte is given out once. */
import { randomFillSync } from "node:crypto";

const pool = Buffer.alloc(8192);
let used = pool.length;

/** `length` fresh bytes, at most the size of a block. */
export function randomBytesFromPool(length: number): Buffer {
  if (!(length > 0 && length <= pool.length)) throw new RangeError(`a draw has 1 to ${pool.length} bytes`);
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const drawn = Buffer.from(pool.subarray(used, used + length));
  pool.fill(0, used, used + length);
  used += length;
  return drawn;
}
