// Facts of the request: each is read into its cell and checked against its type before any rule is asked.
// A cell: +0 present, +4 address of bytes or items, +8 length or count, +12 name number, +16 value.
// A descriptor: +0 leaf, +4 cell, +8 kind, +9 set, +10 optional, +12 numbers of an enum, +16 their count or the scale,
// +20 name bits of a set, +24 min, +32 max, +40 the leaf of the reference that it stands behind, or 0.
import { config, heap, SET_NAMES, setHeap, take } from "./host";
import { readIp } from "./ip";
import { readDate, readDecimal, readInstant, readInteger, readTime, value } from "./number";
import { afterColon, skip, space } from "./scan";
import { inNumbers } from "./search";
import { LONE, nameOf, readText, textAt, textFlaws, textLength } from "./text";

@inline const BOOL: u32 = 0;
@inline const INTEGER: u32 = 1;
@inline const DECIMAL: u32 = 2;
@inline const INSTANT: u32 = 3;
@inline const DATE: u32 = 4;
@inline const TIME: u32 = 5;
/** From here on values are kept as text. */
@inline const TEXT: u32 = 6;
@inline const ENUM: u32 = 7;
@inline const UUID: u32 = 8;
@inline const IP: u32 = 9;
@inline const PAIRS: u32 = 10;

let number: i64 = 0;
let name: u32 = 0;

export function isUuid(at: u32, length: u32): bool {
  if (length != 36) return false;
  for (let i: u32 = 0; i < 36; i++) {
    const c: u32 = load<u8>(at + i);
    if (i == 8 || i == 13 || i == 18 || i == 23 ? c != 45 : c - 48 >= 10 && c - 97 >= 6) return false;
  }
  return true;
}

/** Reads one scalar: bytes into the text globals and its name number, or a number. */
function readScalar(p: u32, d: u32): bool {
  const kind: u32 = load<u8>(d, 8);
  const c: u32 = load<u8>(p);
  if (kind == BOOL) {
    number = c == 116 ? 1 : 0;
    return c == 116 || c == 102;
  }
  if (kind == INTEGER) {
    if (c != 45 && c - 48 >= 10) return false;
    const fits = readInteger(p, load<i64>(d, 24), load<i64>(d, 32));
    number = value;
    return fits;
  }
  if (c != 34) return false;
  readText(p);
  if (kind < TEXT) {
    const fits =
      kind == DECIMAL
        ? readDecimal(textAt, textLength, load<u32>(d, 16), load<i64>(d, 32))
        : kind == INSTANT
          ? readInstant(textAt, textLength)
          : kind == DATE
            ? readDate(textAt, textLength)
            : readTime(textAt, textLength);
    number = value;
    return fits;
  }
  name = textFlaws & LONE ? 0 : nameOf(textAt, textLength);
  if (kind == TEXT) return textFlaws == 0;
  if (kind == UUID) return isUuid(textAt, textLength);
  if (kind == IP) return readIp(textAt, textLength) != 0;
  return kind == ENUM && inNumbers(name, load<u32>(d, 12), load<u32>(d, 16));
}

function countItems(p: u32): u32 {
  p = space(p + 1);
  if (load<u8>(p) == 93) return 0;
  let count: u32 = 1;
  for (;;) {
    p = space(skip(p, 0));
    if (load<u8>(p) == 93) return count;
    count++;
    p = space(p + 1);
  }
  return 0;
}

/** The value of the last of equal keys counts; other keys are ignored. */
export function readPair(p: u32, out: u32): bool {
  if (load<u8>(p) != 123) return false;
  let from: u32 = 0;
  let to: u32 = 0;
  p = space(p + 1);
  if (load<u8>(p) == 125) return false;
  for (;;) {
    const mark = heap;
    p = afterColon(readText(p));
    if (textLength == 4 && load<u32>(textAt) == 0x6d6f7266) from = p;
    if (textLength == 2 && load<u16>(textAt) == 0x6f74) to = p;
    setHeap(mark);
    p = space(skip(p, 0));
    if (load<u8>(p) == 125) break;
    p = space(p + 1);
  }
  if (from == 0 || to == 0 || load<u8>(from) != 34 || load<u8>(to) != 34) return false;
  readText(from);
  if (textFlaws != 0) return false;
  store<u32>(out, textAt);
  store<u32>(out, textLength, 4);
  readText(to);
  if (textFlaws != 0) return false;
  store<u32>(out, textAt, 8);
  store<u32>(out, textLength, 12);
  return true;
}

export function readItems(p: u32, d: u32, cell: u32): bool {
  if (load<u8>(p) != 91) return false;
  const kind: u32 = load<u8>(d, 8);
  const count = countItems(p);
  const size: u32 = kind == PAIRS ? 16 : 8;
  const items = take(count * size);
  store<u32>(cell, items, 4);
  store<u32>(cell, count, 8);
  const bits = load<u32>(d, 20);
  const known = config(SET_NAMES);
  p = space(p + 1);
  for (let i: u32 = 0; i < count; i++) {
    const item = items + i * size;
    if (kind == PAIRS) {
      if (!readPair(p, item)) return false;
    } else {
      if (!readScalar(p, d)) return false;
      if (kind < TEXT) store<i64>(item, number);
      else {
        store<u32>(item, textAt);
        store<u32>(item, textLength, 4);
        if (name <= known) {
          const at = bits + (name >> 3);
          store<u8>(at, <u32>load<u8>(at) | (<u32>1 << (name & 7)));
        }
      }
    }
    p = space(space(skip(p, 0)) + 1);
  }
  return true;
}

/** Nothing stands at the leaf, or null. */
function isAbsent(leaf: u32): bool {
  const p = load<u32>(leaf);
  return p == 0 || load<u8>(p) == 110;
}

/** What stands behind a reference may also be absent where that reference is. */
function mayBeAbsent(d: u32): bool {
  if (load<u8>(d, 10) != 0) return true;
  const reference = load<u32>(d, 40);
  return reference != 0 && isAbsent(reference);
}

function readSlot(d: u32): bool {
  const p = load<u32>(load<u32>(d));
  if (isAbsent(load<u32>(d))) return mayBeAbsent(d);
  const cell = load<u32>(d, 4);
  if (load<u8>(d, 9) != 0) {
    if (!readItems(p, d, cell)) return false;
  } else {
    if (!readScalar(p, d)) return false;
    if (load<u8>(d, 8) < TEXT) store<i64>(cell, number, 16);
    else {
      store<u32>(cell, textAt, 4);
      store<u32>(cell, textLength, 8);
      store<u32>(cell, name, 12);
    }
  }
  store<u32>(cell, 1);
  return true;
}

/** Reads all facts of a table; false if one is malformed, or absent without being optional. */
export function readSlots(list: u32, count: u32): bool {
  for (let i: u32 = 0; i < count; i++) if (!readSlot(load<u32>(list + (i << 2)))) return false;
  return true;
}
