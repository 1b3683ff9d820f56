// A strict, validating scanner of JSON (RFC 8259) in UTF-8 (RFC 3629). Iterative: the depth of the input never costs stack.
// The byte after the input is NUL, which no valid text contains, so that no check of the end is needed.
import { fail, LEVELS, MALFORMED, MAX_DEPTH, NOT_UTF8, TOO_DEEP } from "./host";

export function space(p: u32): u32 {
  let c: u32 = load<u8>(p);
  while (c == 32 || c == 10 || c == 13 || c == 9) c = load<u8>(++p);
  return p;
}

@inline export function digit(c: u32): bool {
  return c - 48 < 10;
}

function hexDigit(c: u32): u32 {
  if (c - 48 < 10) return c - 48;
  c |= 32;
  if (c - 97 >= 6) fail(MALFORMED);
  return c - 87;
}

/** Four hexadecimal digits. */
export function hex4(p: u32): u32 {
  return (
    (hexDigit(load<u8>(p)) << 12) | (hexDigit(load<u8>(p, 1)) << 8) | (hexDigit(load<u8>(p, 2)) << 4) | hexDigit(load<u8>(p, 3))
  );
}

function continues(p: u32): void {
  if ((load<u8>(p) & 0xc0) != 0x80) fail(NOT_UTF8);
}

/** One character outside ASCII: no overlong form, no surrogate, nothing above U+10FFFF. */
function character(p: u32): u32 {
  const c: u32 = load<u8>(p);
  const d: u32 = load<u8>(p, 1);
  continues(p + 1);
  if (c - 0xc2 < 0x1e) return p + 2;
  continues(p + 2);
  if (c - 0xe0 < 0x10) {
    if ((c == 0xe0 && d < 0xa0) || (c == 0xed && d > 0x9f)) fail(NOT_UTF8);
    return p + 3;
  }
  if (c - 0xf0 >= 5 || (c == 0xf0 && d < 0x90) || (c == 0xf4 && d > 0x8f)) fail(NOT_UTF8);
  continues(p + 3);
  return p + 4;
}

function escape(p: u32): u32 {
  const c: u32 = load<u8>(p, 1);
  if (c == 117) {
    hex4(p + 2);
    return p + 6;
  }
  if (!(c == 34 || c == 92 || c == 47 || c == 98 || c == 102 || c == 110 || c == 114 || c == 116)) fail(MALFORMED);
  return p + 2;
}

/** Whether the last string had an escape. */
export let escaped: bool = false;

/** From after the opening quote to the closing quote. */
export function scanString(p: u32): u32 {
  escaped = false;
  for (;;) {
    // Eight bytes at a time; the lowest byte marked is a quote, a backslash, a control or outside ASCII.
    const v = load<u64>(p);
    const q = v ^ 0x2222222222222222;
    const b = v ^ 0x5c5c5c5c5c5c5c5c;
    const marks =
      (((q - 0x0101010101010101) & ~q) | ((b - 0x0101010101010101) & ~b) | ((v - 0x2020202020202020) & ~v) | v) &
      0x8080808080808080;
    if (marks == 0) {
      p += 8;
      continue;
    }
    p += <u32>(ctz(marks) >> 3);
    const c: u32 = load<u8>(p);
    if (c == 34) return p;
    if (c >= 0x80) p = character(p);
    else {
      if (c != 92) fail(MALFORMED);
      escaped = true;
      p = escape(p);
    }
  }
  return 0;
}

function digits(p: u32): u32 {
  if (!digit(load<u8>(p))) fail(MALFORMED);
  do p++;
  while (digit(load<u8>(p)));
  return p;
}

function number(p: u32): u32 {
  if (load<u8>(p) == 45) p++;
  p = load<u8>(p) == 48 ? p + 1 : digits(p);
  if (load<u8>(p) == 46) p = digits(p + 1);
  if ((load<u8>(p) | 32) == 101) {
    p++;
    const sign: u32 = load<u8>(p);
    if (sign == 43 || sign == 45) p++;
    p = digits(p);
  }
  return p;
}

/** From a key's opening quote to its value. */
function key(p: u32): u32 {
  if (load<u8>(p) != 34) fail(MALFORMED);
  return afterColon(scanString(p + 1) + 1);
}

export function afterColon(p: u32): u32 {
  p = space(p);
  if (load<u8>(p) != 58) fail(MALFORMED);
  return space(p + 1);
}

/** Checks the value at `p`, which stands in `depth` arrays and objects, and gives the address after it. */
export function skip(p: u32, depth: u32): u32 {
  let level = depth;
  for (;;) {
    const c: u32 = load<u8>(p);
    if (c == 34) p = scanString(p + 1) + 1;
    else if (c == 123 || c == 91) {
      if (level >= MAX_DEPTH) fail(TOO_DEEP);
      const object = c == 123;
      p = space(p + 1);
      if (load<u8>(p) == (object ? 125 : 93)) p++;
      else {
        const at = LEVELS + (level >> 3);
        const bit: u32 = 1 << (level & 7);
        const old: u32 = load<u8>(at);
        store<u8>(at, object ? old | bit : old & ~bit);
        level++;
        if (object) p = key(p);
        continue;
      }
    } else if (c == 116) {
      if (load<u32>(p) != 0x65757274) fail(MALFORMED);
      p += 4;
    } else if (c == 110) {
      if (load<u32>(p) != 0x6c6c756e) fail(MALFORMED);
      p += 4;
    } else if (c == 102) {
      if (load<u32>(p, 1) != 0x65736c61) fail(MALFORMED);
      p += 5;
    } else p = number(p);
    for (;;) {
      if (level == depth) return p;
      p = space(p);
      const end: u32 = load<u8>(p++);
      const bits: u32 = load<u8>(LEVELS + ((level - 1) >> 3));
      const object = ((bits >> ((level - 1) & 7)) & 1) != 0;
      if (end == 44) {
        p = space(p);
        if (object) p = key(p);
        break;
      }
      if (end != (object ? <u32>125 : <u32>93)) fail(MALFORMED);
      level--;
    }
  }
  return 0;
}
