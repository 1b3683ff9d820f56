// The request document: one pass checks all of it and notes where the facts that the policy reads stand.
// Of equal keys the last counts, with all that stands under it.
import {
  config, ensure, fail, heap, MALFORMED, MAX_INPUT, ROOT, sameBytes, setHeap, STATE, STATE_LENGTH, take, TOO_LARGE,
} from "./host";
import { afterColon, skip, space } from "./scan";
import { LONE, readText, textAt, textFlaws, textLength } from "./text";

/** Children stand in order of length, then of bytes. */
function childOf(node: u32, at: u32, length: u32): u32 {
  let low: u32 = 0;
  let high = load<u32>(node, 12);
  while (low < high) {
    const middle = (low + high) >> 1;
    const child = node + 16 + middle * 12;
    const other = load<u32>(child, 4);
    let order: i32 = <i32>length - <i32>other;
    if (order == 0) {
      const text = load<u32>(child);
      let i: u32 = 0;
      while (i < length && load<u8>(at + i) == load<u8>(text + i)) i++;
      if (i == length) return load<u32>(child, 8);
      order = <i32>load<u8>(at + i) - <i32>load<u8>(text + i);
    }
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return 0;
}

/**
 * A node: address of its leaf (0 if it has children), first leaf and bytes of leaves under it, count and children.
 * The tree is a few levels deep, far less than the limit that `skip` keeps.
 */
function readNode(p: u32, node: u32, depth: u32): u32 {
  memory.fill(load<u32>(node, 4), 0, load<u32>(node, 8));
  const leaf = load<u32>(node);
  if (leaf != 0) {
    store<u32>(leaf, p);
    return skip(p, depth);
  }
  if (load<u8>(p) != 123) return skip(p, depth);
  p = space(p + 1);
  if (load<u8>(p) == 125) return p + 1;
  for (;;) {
    if (load<u8>(p) != 34) fail(MALFORMED);
    const mark = heap;
    p = afterColon(readText(p));
    const child = textFlaws & LONE ? 0 : childOf(node, textAt, textLength);
    setHeap(mark);
    p = space(child != 0 ? readNode(p, child, depth + 1) : skip(p, depth + 1));
    const end: u32 = load<u8>(p++);
    if (end == 125) return p;
    if (end != 44) fail(MALFORMED);
    p = space(p);
  }
  return 0;
}

/** Forgets the last request and reads this one; address 0 is a request without input, in which every fact is absent. */
export function readDocument(input: u32, length: u32): void {
  memory.fill(config(STATE), 0, config(STATE_LENGTH));
  if (input == 0) return;
  if (length > MAX_INPUT) fail(TOO_LARGE);
  let start = input;
  if (input + length == heap) {
    // The byte after the input is ours: the heap begins there.
    ensure(8);
    setHeap(heap + 8);
  } else {
    start = take(length + 8);
    memory.copy(start, input, length);
  }
  store<u8>(start + length, 0);
  if (space(readNode(space(start), config(ROOT), 0)) != start + length) fail(MALFORMED);
}
