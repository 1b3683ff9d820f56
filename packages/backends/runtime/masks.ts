// What masks come to, as core/src/value/mask.ts has it. The masks of a field are numbered from the mildest, which is to
// show it; two neighbours tie that show equally much and not the same.
// A field: +0 its first mark, +4 their count, +8 which of its masks is `redact`. A mark: +0 text, +4 length and top bit: it
// ties with the next.
import { config, MARKS } from "./host";
import { marksOf } from "./found";
import { FIELDS, MARK_COUNT, MARKS_OF, PASS_COUNT, word } from "./table";

@inline function tiesWithNext(mark: u32): bool {
  return load<i32>(word(MARKS_OF) + (mark << 3), 4) < 0;
}

function mildest(field: u32, marks: u32): u32 {
  const first = load<u32>(field);
  const count = load<u32>(field, 4);
  for (let i: u32 = 0; i < count; i++) {
    if (load<u8>(marks + first + i) == 0) continue;
    return tiesWithNext(first + i) && load<u8>(marks + first + i + 1) != 0 ? load<u32>(field, 8) : i;
  }
  return 0;
}

function strictest(field: u32, marks: u32): u32 {
  const first = load<u32>(field);
  const count = load<u32>(field, 4);
  let found: u32 = 0;
  let least: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (load<u8>(marks + first + i) == 0) continue;
    found = i;
    if (tiesWithNext(first + i) && load<u8>(marks + first + i + 1) != 0) least = load<u32>(field, 8);
  }
  return max(found, least);
}

/** The mark of a field on a permit; its mask is to show the field where it is the field's first. */
export function markOf(index: u32): u32 {
  const field = word(FIELDS) + index * 12;
  const first = load<u32>(field);
  const passes = word(PASS_COUNT);
  const all = config(MARKS) + (passes << 1) * word(MARK_COUNT);
  for (let i: u32 = 0; i < passes; i++) {
    const requires = marksOf(i, 1);
    store<u8>(requires + first + mildest(field, marksOf(i, 0)), 1);
    store<u8>(all + first + strictest(field, requires), 1);
  }
  return first + strictest(field, all);
}
