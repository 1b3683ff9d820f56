// In which ways a request that is granted could come to be permitted: the smallest sets of preconditions, as the oracle's
// alternatives.ts has them. Obligations are numbered in the order of their texts, places by rule, pass and as written.
// An alternative: +0 how many preconditions, +4 which one it was that was made, +8 a bit for each obligation, then for each
// obligation the place that asks for it, counted from 1, or 0.
import { ASKS, COUNTED, passAt } from "./found";
import { config, ENTRIES, heap, PLACES, setHeap, take } from "./host";
import {
  entryAt, OBLIGATION_COUNT, OBLIGATION_WORDS, OBLIGATIONS, PASS_COUNT, PASS_LISTS, PLACE_LIST, termsOf, word,
} from "./table";

/** The most alternatives that a challenge lists. */
@inline const MOST: u32 = 16;

/** The alternatives that were kept, and how many. */
export let kept: u32 = 0;
export let keptCount: u32 = 0;

let size: u32 = 0;
let made: u32 = 0;

/** The record of an obligation: +0 text, +4 length, +8 rank among texts in JSON, +16 a bit for each that implies it. */
export function obligationAt(index: u32): u32 {
  return word(OBLIGATIONS) + index * (16 + (word(OBLIGATION_WORDS) << 3));
}

@inline export function placeIn(alternative: u32, obligation: u32): u32 {
  return alternative + 8 + (word(OBLIGATION_WORDS) << 3) + (obligation << 2);
}

function copyOf(other: u32): u32 {
  const copy = take(size);
  if (other == 0) memory.fill(copy, 0, size);
  else memory.copy(copy, other, size);
  store<u32>(copy, made++, 4);
  return copy;
}

function need(alternative: u32, place: u32): void {
  const obligation = load<u32>(word(PLACE_LIST) + (place << 2));
  const at = placeIn(alternative, obligation);
  const had = load<u32>(at);
  if (had != 0 && had <= place) return;
  store<u32>(at, place + 1);
  if (had != 0) return;
  store<u32>(alternative, load<u32>(alternative) + 1);
  const bits = alternative + 8 + (obligation >> 3);
  store<u8>(bits, <u32>load<u8>(bits) | (<u32>1 << (obligation & 7)));
}

@inline function has(alternative: u32, obligation: u32): bool {
  return load<u32>(placeIn(alternative, obligation)) != 0;
}

/** Who has met all of `more` has met all of `less`. */
function covers(more: u32, less: u32): bool {
  const count = word(OBLIGATION_COUNT);
  const words = word(OBLIGATION_WORDS);
  for (let i: u32 = 0; i < count; i++) {
    if (!has(less, i)) continue;
    const implied = obligationAt(i) + 16;
    let common: u64 = 0;
    for (let k: u32 = 0; k < words; k++) common |= load<u64>(implied + (k << 3)) & load<u64>(more + 8 + (k << 3));
    if (common == 0) return false;
  }
  return true;
}

/** The fewest first, then by text, then as they were made. */
function isBefore(a: u32, b: u32): bool {
  if (load<u32>(a) != load<u32>(b)) return load<u32>(a) < load<u32>(b);
  const count = word(OBLIGATION_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    if (has(a, i) == has(b, i)) continue;
    // One has this obligation where the other has its next.
    const other = has(a, i) ? b : a;
    let next = i + 1;
    while (!has(other, next)) next++;
    const isLess = load<u32>(obligationAt(i), 8) < load<u32>(obligationAt(next), 8);
    return isLess == has(a, i);
  }
  return load<u32>(a, 4) < load<u32>(b, 4);
}

@inline function keptAt(index: u32): u32 {
  return kept + (index << 2);
}

/** Keeps what asks for no less than none that is kept, in place of those that ask for no less than it. */
function offer(alternative: u32): bool {
  for (let i: u32 = 0; i < keptCount; i++) {
    const other = load<u32>(keptAt(i));
    if (!covers(alternative, other)) continue;
    if (!covers(other, alternative) || isBefore(other, alternative)) return false;
    store<u32>(keptAt(i), alternative);
    return true;
  }
  let count: u32 = 0;
  for (let i: u32 = 0; i < keptCount; i++) {
    const other = load<u32>(keptAt(i));
    if (!covers(other, alternative)) store<u32>(keptAt(count++), other);
  }
  store<u32>(keptAt(count), alternative);
  keptCount = count + 1;
  return true;
}

/** Puts the first ones in order, and drops what is more than may be listed. */
function settle(): void {
  const count = min(keptCount, MOST);
  for (let i: u32 = 0; i < count; i++) {
    let first = i;
    for (let k = i + 1; k < keptCount; k++) if (isBefore(load<u32>(keptAt(k)), load<u32>(keptAt(first)))) first = k;
    const found = load<u32>(keptAt(first));
    store<u32>(keptAt(first), load<u32>(keptAt(i)));
    store<u32>(keptAt(i), found);
  }
  keptCount = count;
}

function startList(most: u32): void {
  kept = take(most << 2);
  keptCount = 0;
}

/** Adds what an entry asks for, if it does. */
function addUnmet(alternative: u32, entry: u32): bool {
  if ((load<u8>(config(ENTRIES) + entry) & ASKS) == 0) return false;
  const terms = termsOf(entryAt(entry));
  const places = load<u32>(terms);
  const count = load<u32>(terms, 4);
  for (let i: u32 = 0; i < count; i++) {
    const place = load<u32>(places + (i << 2));
    if (load<u8>(config(PLACES) + place) != 0) need(alternative, place);
  }
  return true;
}

/** What the requires of a pass ask for, and for one of its grants to count. */
function ofPass(pass: u32): void {
  const lists = word(PASS_LISTS) + (pass << 4);
  const requires = load<u32>(lists);
  const requireCount = load<u32>(lists, 4);
  const grants = load<u32>(lists, 8);
  const grantCount = load<u32>(lists, 12);
  startList(grantCount + 1);
  const always = copyOf(0);
  for (let i: u32 = 0; i < requireCount; i++) addUnmet(always, load<u32>(requires + (i << 2)));
  if (load<u32>(passAt(pass)) & COUNTED) offer(always);
  else
    for (let i: u32 = 0; i < grantCount; i++) {
      const mark = heap;
      const one = copyOf(always);
      if (!addUnmet(one, load<u32>(grants + (i << 2))) || !offer(one)) setHeap(mark);
    }
  settle();
}

/** Finds the alternatives of all passes together. */
export function findAlternatives(): void {
  size = placeIn(0, word(OBLIGATION_COUNT));
  made = 0;
  ofPass(0);
  const passes = word(PASS_COUNT);
  for (let pass: u32 = 1; pass < passes; pass++) {
    const before = kept;
    const beforeCount = keptCount;
    ofPass(pass);
    const here = kept;
    const hereCount = keptCount;
    startList(beforeCount * hereCount);
    for (let i: u32 = 0; i < beforeCount * hereCount; i++) {
      const mark = heap;
      const both = copyOf(load<u32>(before + ((i / hereCount) << 2)));
      const other = load<u32>(here + ((i % hereCount) << 2));
      for (let k: u32 = 0; k < word(OBLIGATION_COUNT); k++) if (has(other, k)) need(both, load<u32>(placeIn(other, k)) - 1);
      if (!offer(both)) setHeap(mark);
    }
    settle();
  }
}
