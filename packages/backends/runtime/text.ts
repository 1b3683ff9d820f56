// Strings of the input as bytes without escapes, and the policy's own strings by number.
import { scanString, escaped, hex4 } from "./scan";
import { config, ensure, heap, LONGEST_NAME, NAMES, NAMES_MASK, sameBytes, setHeap } from "./host";

/** The string has an escape of a surrogate without its other half; U+FFFD stands for it here. */
@inline export const LONE: u32 = 1;
/** The string has U+0000. */
@inline export const NUL: u32 = 2;

export let textAt: u32 = 0;
export let textLength: u32 = 0;
export let textFlaws: u32 = 0;

/** Reads the string at `p` (its opening quote) into the three globals and gives the address after it. */
export function readText(p: u32): u32 {
  const start = p + 1;
  const end = scanString(start);
  textFlaws = 0;
  textAt = start;
  textLength = end - start;
  if (escaped) unescape(start, end);
  return end + 1;
}

function unescape(p: u32, end: u32): void {
  ensure(end - p);
  const start = heap;
  let o = start;
  while (p < end) {
    let c: u32 = load<u8>(p++);
    if (c != 92) {
      store<u8>(o++, c);
      continue;
    }
    c = load<u8>(p++);
    if (c != 117) {
      store<u8>(o++, c == 98 ? 8 : c == 102 ? 12 : c == 110 ? 10 : c == 114 ? 13 : c == 116 ? 9 : c);
      continue;
    }
    let u = hex4(p);
    p += 4;
    if (u - 0xd800 < 0x400) {
      const low = load<u16>(p) == 0x755c ? hex4(p + 2) : 0;
      if (low - 0xdc00 < 0x400) {
        u = 0x10000 + ((u - 0xd800) << 10) + (low - 0xdc00);
        p += 6;
      } else {
        textFlaws |= LONE;
        u = 0xfffd;
      }
    } else if (u - 0xdc00 < 0x400) {
      textFlaws |= LONE;
      u = 0xfffd;
    } else if (u == 0) textFlaws |= NUL;
    if (u < 0x80) store<u8>(o++, u);
    else if (u < 0x800) {
      store<u8>(o++, 0xc0 | (u >> 6));
      store<u8>(o++, 0x80 | (u & 63));
    } else {
      if (u < 0x10000) store<u8>(o++, 0xe0 | (u >> 12));
      else {
        store<u8>(o++, 0xf0 | (u >> 18));
        store<u8>(o++, 0x80 | ((u >> 12) & 63));
      }
      store<u8>(o++, 0x80 | ((u >> 6) & 63));
      store<u8>(o++, 0x80 | (u & 63));
    }
  }
  textAt = start;
  textLength = o - start;
  setHeap(o);
}

/** The number of a string that the policy names, from 1; 0 for any other. The hash is that of src/wasm/names.ts. */
export function nameOf(at: u32, length: u32): u32 {
  if (length > config(LONGEST_NAME)) return 0;
  let h = length * 0x9e3779b1;
  let p = at;
  let left = length;
  while (left >= 4) {
    h = (h ^ load<u32>(p)) * 0x85ebca6b;
    h ^= h >> 15;
    p += 4;
    left -= 4;
  }
  if (left != 0) {
    h = (h ^ (load<u32>(p) & ((1 << (left << 3)) - 1))) * 0x85ebca6b;
    h ^= h >> 15;
  }
  const mask = config(NAMES_MASK);
  const names = config(NAMES);
  for (let i = h & mask; ; i = (i + 1) & mask) {
    const entry = names + i * 12;
    const text = load<u32>(entry);
    if (text == 0) return 0;
    if (load<u32>(entry, 4) == length && sameBytes(text, at, length)) return load<u32>(entry, 8);
  }
  return 0;
}
