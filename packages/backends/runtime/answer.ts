// What the rules of a table found, and the answer as JSON. Entrypoint 0 gives the decision, 1 whether it is a permit.
import { ANSWERS, config, ensure, heap, MASKS_ALL, MASKS_HERE, PARTS, setHeap, take } from "./host";

@inline const NO: u32 = 3;
@inline const YES: u32 = 4;

let found: bool = false;
let fields: u32 = 0;

/** Starts a table of which `count` fields can be masked. */
export function begin(count: u32): void {
  found = false;
  fields = count;
}

/** Whether anything was found since the last time that this was asked. */
export function anyFound(): bool {
  const was = found;
  found = false;
  return was;
}

/** Notes the bit with this number, counted from address 0. */
export function hit(bit: u32): void {
  const at = bit >> 3;
  store<u8>(at, <u32>load<u8>(at) | (<u32>1 << (bit & 7)));
  found = true;
}

/** Before the grants of a pass: no grant shows anything yet. */
export function startPass(): void {
  memory.fill(config(MASKS_HERE), 255, fields);
}

/** A grant matched: of all grants the mildest mask of a field counts. `row` has a step for each field. */
export function grant(bit: u32, row: u32): void {
  hit(bit);
  const masks = config(MASKS_HERE);
  for (let i: u32 = 0; i < fields; i++) if (load<u8>(row + i) < load<u8>(masks + i)) store<u8>(masks + i, load<u8>(row + i));
}

/** A require matched, or a pass is over: the strictest mask counts. */
export function bind(row: u32): void {
  const masks = config(MASKS_ALL);
  for (let i: u32 = 0; i < fields; i++) if (load<u8>(row + i) > load<u8>(masks + i)) store<u8>(masks + i, load<u8>(row + i));
}

export function endPass(): void {
  bind(config(MASKS_HERE));
}

function write(at: u32, length: u32): void {
  ensure(length);
  memory.copy(heap, at, length);
  setHeap(heap + length);
}

function writePart(index: u32): void {
  const part = config(PARTS) + (index << 3);
  write(load<u32>(part), load<u32>(part, 4));
}

let comma: bool = false;

function writeItem(at: u32, length: u32): void {
  if (comma) {
    ensure(1);
    store<u8>(heap, 44);
    setHeap(heap + 1);
  }
  comma = true;
  write(at, length);
}

/** Writes the items whose bits are set. With `seen` (a byte for each different item) each only once. */
function writeList(bits: u32, count: u32, items: u32, seen: u32): void {
  comma = false;
  for (let i: u32 = 0; i < count; i++) {
    const byte: u32 = load<u8>(bits + (i >> 3));
    if (byte == 0) {
      i |= 7;
      continue;
    }
    if (((byte >> (i & 7)) & 1) == 0) continue;
    const item = items + i * 12;
    if (seen != 0) {
      const mark = seen + load<u32>(item, 8);
      if (load<u8>(mark) != 0) continue;
      store<u8>(mark, 1);
    }
    writeItem(load<u32>(item), load<u32>(item, 4));
  }
}

function finish(start: u32): u32 {
  ensure(1);
  store<u8>(heap, 0);
  setHeap(heap + 1);
  return start;
}

/** 0 invalid_input, 1 out_of_scope, 2 not_granted. */
export function deny(entrypoint: u32, reason: u32): u32 {
  return load<u32>(config(ANSWERS) + ((entrypoint != 0 ? NO : reason) << 2));
}

export function forbidden(entrypoint: u32, bits: u32, count: u32, rules: u32): u32 {
  if (entrypoint != 0) return deny(entrypoint, 0);
  const start = take(0);
  writePart(0);
  writeList(bits, count, rules, 0);
  writePart(1);
  return finish(start);
}

export function challenge(
  entrypoint: u32, bits: u32, count: u32, rules: u32, unmet: u32, unmetCount: u32, obligations: u32, seen: u32,
): u32 {
  if (entrypoint != 0) return deny(entrypoint, 0);
  const start = take(0);
  writePart(2);
  writeList(bits, count, rules, 0);
  writePart(3);
  writeList(unmet, unmetCount, obligations, seen);
  writePart(4);
  return finish(start);
}

/** `effects`: for each field and step that can come up: field, step, address and length of the obligation. */
export function permit(
  entrypoint: u32, bits: u32, count: u32, rules: u32, effects: u32, effectCount: u32, duties: u32, dutiesLength: u32,
): u32 {
  if (entrypoint != 0) return load<u32>(config(ANSWERS) + (YES << 2));
  const start = take(0);
  writePart(5);
  writeList(bits, count, rules, 0);
  writePart(3);
  comma = false;
  const masks = config(MASKS_ALL);
  for (let i: u32 = 0; i < effectCount; i++) {
    const effect = effects + (i << 4);
    if (load<u8>(masks + load<u32>(effect)) == load<u32>(effect, 4)) writeItem(load<u32>(effect, 8), load<u32>(effect, 12));
  }
  if (dutiesLength != 0) writeItem(duties, dutiesLength);
  writePart(4);
  return finish(start);
}
