// Writes an answer at the heap pointer.
import { config, ensure, heap, PARTS, setHeap, take } from "./host";

let comma: bool = false;

export function startAnswer(): u32 {
  return take(0);
}

export function finishAnswer(start: u32): u32 {
  writeByte(0);
  return start;
}

function writeByte(byte: u32): void {
  ensure(1);
  store<u8>(heap, byte);
  setHeap(heap + 1);
}

function write(at: u32, length: u32): void {
  ensure(length);
  memory.copy(heap, at, length);
  setHeap(heap + length);
}

/** Address and length of one of the fixed pieces. */
export function partAt(index: u32): u32 {
  return config(PARTS) + (index << 3);
}

/** Writes one of the fixed pieces of src/wasm/answers.ts; what follows is the first of a list. */
export function writePart(index: u32): void {
  const part = partAt(index);
  write(load<u32>(part), load<u32>(part, 4));
  comma = false;
}

/** Writes an item of a list. */
export function writeItem(at: u32, length: u32): void {
  if (comma) writeByte(44);
  comma = true;
  write(at, length);
}

/** Writes the items that are noted: +0 text, +4 length, +8 group. Of a group, which stands together, the first. */
export function writeNoted(notes: u32, items: u32, count: u32): void {
  let last: u32 = -1;
  for (let i: u32 = 0; i < count; i++) {
    if (load<u8>(notes + i) == 0) continue;
    const item = items + i * 12;
    const group = load<u32>(item, 8);
    if (group != last) writeItem(load<u32>(item), load<u32>(item, 4));
    last = group;
  }
}

export function writeNumber(value: i64): void {
  if (value < 0) {
    writeByte(45);
    value = -value;
  }
  let unit: i64 = 1;
  while (value / unit > 9) unit *= 10;
  for (; unit > 0; unit /= 10) writeByte(<u32>((value / unit) % 10) + 48);
}
