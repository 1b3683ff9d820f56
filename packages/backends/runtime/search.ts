// Questions about cells that take more than a comparison of words.
import { heap, sameBytes, setHeap, take } from "./host";

/** True if the number stands in an ascending list. Zero, the number of no name, stands in none. */
export function inNumbers(number: u32, list: u32, count: u32): bool {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = load<u32>(list + (middle << 2));
    if (other == number) return number != 0;
    if (number < other) high = middle;
    else low = middle + 1;
  }
  return false;
}

/** The index of a value in an ascending list, or -1. */
export function indexOf(value: i64, list: u32, count: u32): i32 {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = load<i64>(list + (middle << 3));
    if (other == value) return <i32>middle;
    if (value < other) high = middle;
    else low = middle + 1;
  }
  return -1;
}

export function inValues(value: i64, list: u32, count: u32): bool {
  return indexOf(value, list, count) >= 0;
}

/** Two cells hold one text. */
export function sameText(a: u32, b: u32): bool {
  if (load<u32>(a) == 0 || load<u32>(b) == 0) return false;
  const length = load<u32>(a, 8);
  return length == load<u32>(b, 8) && sameBytes(load<u32>(a, 4), load<u32>(b, 4), length);
}

/** A set of texts holds the text of a cell. */
export function hasText(set: u32, cell: u32): bool {
  if (load<u32>(cell) == 0) return false;
  const at = load<u32>(cell, 4);
  const length = load<u32>(cell, 8);
  const items = load<u32>(set, 4);
  const count = load<u32>(set, 8);
  for (let i: u32 = 0; i < count; i++) {
    const item = items + (i << 3);
    if (load<u32>(item, 4) == length && sameBytes(load<u32>(item), at, length)) return true;
  }
  return false;
}

/** A set of numbers holds the value of a cell. */
export function hasValue(set: u32, cell: u32): bool {
  if (load<u32>(cell) == 0) return false;
  const value = load<i64>(cell, 16);
  const items = load<u32>(set, 4);
  const count = load<u32>(set, 8);
  for (let i: u32 = 0; i < count; i++) if (load<i64>(items + (i << 3)) == value) return true;
  return false;
}

/** A relation holds the pair of two cells. */
export function related(relation: u32, from: u32, to: u32): bool {
  if (load<u32>(from) == 0 || load<u32>(to) == 0) return false;
  const a = load<u32>(from, 4);
  const n = load<u32>(from, 8);
  const b = load<u32>(to, 4);
  const m = load<u32>(to, 8);
  const items = load<u32>(relation, 4);
  const count = load<u32>(relation, 8);
  for (let i: u32 = 0; i < count; i++) {
    const item = items + (i << 4);
    if (load<u32>(item, 4) != n || load<u32>(item, 12) != m) continue;
    if (sameBytes(load<u32>(item), a, n) && sameBytes(load<u32>(item, 8), b, m)) return true;
  }
  return false;
}

/** Two cells hold texts of which the first begins with the second. Bytes do: UTF-8 keeps code points whole. */
export function startsWith(a: u32, b: u32): bool {
  if (load<u32>(a) == 0 || load<u32>(b) == 0) return false;
  const length = load<u32>(b, 8);
  return length <= load<u32>(a, 8) && sameBytes(load<u32>(a, 4), load<u32>(b, 4), length);
}

export function endsWith(a: u32, b: u32): bool {
  if (load<u32>(a) == 0 || load<u32>(b) == 0) return false;
  const length = load<u32>(b, 8);
  const more = <i32>(load<u32>(a, 8) - length);
  return more >= 0 && sameBytes(load<u32>(a, 4) + more, load<u32>(b, 4), length);
}

/** Takes time and memory in proportion to the texts, whatever they are (Knuth, Morris, Pratt). */
export function includes(a: u32, b: u32): bool {
  if (load<u32>(a) == 0 || load<u32>(b) == 0) return false;
  const text = load<u32>(a, 4);
  const length = load<u32>(a, 8);
  const part = load<u32>(b, 4);
  const wanted = load<u32>(b, 8);
  if (wanted == 0) return true;
  if (wanted > length) return false;
  const mark = heap;
  // By length of what matched: how much of it is still matched one step on.
  const falls = take((wanted + 1) << 2);
  let k: u32 = 0;
  store<u32>(falls, 0, 4);
  for (let i: u32 = 1; i < wanted; i++) {
    const c = load<u8>(part + i);
    while (k > 0 && load<u8>(part + k) != c) k = load<u32>(falls + (k << 2));
    if (load<u8>(part + k) == c) k++;
    store<u32>(falls + ((i + 1) << 2), k);
  }
  setHeap(mark);
  k = 0;
  for (let i: u32 = 0; i < length; i++) {
    const c = load<u8>(text + i);
    while (k > 0 && load<u8>(part + k) != c) k = load<u32>(falls + (k << 2));
    if (load<u8>(part + k) == c && ++k == wanted) return true;
  }
  return false;
}
