// In which ways a request that is granted could come to be permitted: the smallest sets of preconditions, as the oracle's
// alternatives.ts has them. Obligations are numbered in the order of their texts, places by rule, pass and as written.
// An alternative: +0 how many preconditions, +4 which one it was that was made, +8 their places, by number of obligation.
import { ASKS, COUNTED, passAt } from "./found";
import { config, ENTRIES, heap, PLACES, setHeap, take } from "./host";
import { entryAt, OBLIGATIONS, PASS_COUNT, PASS_LISTS, PLACE_LIST, termsOf, word } from "./table";

/** The most alternatives that a challenge lists. */
@inline const MOST: u32 = 16;

/** The alternatives that were kept, and how many. */
export let kept: u32 = 0;
export let keptCount: u32 = 0;

let made: u32 = 0;

/** The obligation that a place asks for, by number. */
@inline function obligationOf(place: u32): u32 {
  return load<u32>(word(PLACE_LIST) + (place << 2));
}

/** The record of an obligation: +0 text, +4 length, +8 rank among texts in JSON, +12 group, +16 how fresh at the least. */
@inline export function obligationAt(place: u32): u32 {
  return word(OBLIGATIONS) + obligationOf(place) * 24;
}

@inline export function placeAt(alternative: u32, index: u32): u32 {
  return load<u32>(alternative + 8 + (index << 2));
}

/** A copy, or nothing yet where there is none to copy, with room for some more places. */
function copyOf(other: u32, more: u32): u32 {
  const count = other == 0 ? 0 : load<u32>(other);
  const copy = take(8 + ((count + more) << 2));
  store<u32>(copy, count);
  store<u32>(copy, made++, 4);
  if (count != 0) memory.copy(copy + 8, other + 8, count << 2);
  return copy;
}

/** Adds a place. Of places that ask for the same the first stays. */
function need(alternative: u32, place: u32): void {
  const obligation = obligationOf(place);
  const count = load<u32>(alternative);
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (obligationOf(placeAt(alternative, middle)) < obligation) low = middle + 1;
    else high = middle;
  }
  const at = alternative + 8 + (low << 2);
  if (low < count && obligationOf(load<u32>(at)) == obligation) {
    if (place < load<u32>(at)) store<u32>(at, place);
    return;
  }
  memory.copy(at + 4, at, (count - low) << 2);
  store<u32>(at, place);
  store<u32>(alternative, count + 1);
}

/** Who has met all of `more` has met all of `less`. */
function covers(more: u32, less: u32): bool {
  const count = load<u32>(less);
  const others = load<u32>(more);
  for (let i: u32 = 0; i < count; i++) {
    const wanted = obligationAt(placeAt(less, i));
    let k: u32 = 0;
    for (; k < others; k++) {
      const met = obligationAt(placeAt(more, k));
      if (load<u32>(met, 12) == load<u32>(wanted, 12) && load<i64>(met, 16) <= load<i64>(wanted, 16)) break;
    }
    if (k == others) return false;
  }
  return true;
}

/** The fewest first, then by text, then as they were made. */
function isBefore(a: u32, b: u32): bool {
  const count = load<u32>(a);
  if (count != load<u32>(b)) return count < load<u32>(b);
  for (let i: u32 = 0; i < count; i++) {
    const one = obligationAt(placeAt(a, i));
    const other = obligationAt(placeAt(b, i));
    if (one != other) return load<u32>(one, 8) < load<u32>(other, 8);
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

@inline function isAsking(entry: u32): bool {
  return (load<u8>(config(ENTRIES) + entry) & ASKS) != 0;
}

/** How many preconditions an entry has, met or not. */
@inline function placesOf(entry: u32): u32 {
  return load<u32>(termsOf(entryAt(entry)), 4);
}

/** Adds what an entry asks for. */
function addUnmet(alternative: u32, entry: u32): void {
  const places = load<u32>(termsOf(entryAt(entry)));
  const count = placesOf(entry);
  for (let i: u32 = 0; i < count; i++) {
    const place = load<u32>(places + (i << 2));
    if (load<u8>(config(PLACES) + place) != 0) need(alternative, place);
  }
}

/** What the requires of a pass ask for, and for one of its grants to count. */
function ofPass(pass: u32): void {
  const lists = word(PASS_LISTS) + (pass << 4);
  const requires = load<u32>(lists);
  const requireCount = load<u32>(lists, 4);
  const grants = load<u32>(lists, 8);
  const grantCount = load<u32>(lists, 12);
  startList(grantCount + 1);
  let most: u32 = 0;
  for (let i: u32 = 0; i < requireCount; i++) most += placesOf(load<u32>(requires + (i << 2)));
  const always = copyOf(0, most);
  for (let i: u32 = 0; i < requireCount; i++) {
    const entry = load<u32>(requires + (i << 2));
    if (isAsking(entry)) addUnmet(always, entry);
  }
  if (load<u32>(passAt(pass)) & COUNTED) offer(always);
  else
    for (let i: u32 = 0; i < grantCount; i++) {
      const entry = load<u32>(grants + (i << 2));
      if (!isAsking(entry)) continue;
      const mark = heap;
      const one = copyOf(always, placesOf(entry));
      addUnmet(one, entry);
      if (!offer(one)) setHeap(mark);
    }
  settle();
}

/** Finds the alternatives of all passes together. */
export function findAlternatives(): void {
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
      const other = load<u32>(here + ((i % hereCount) << 2));
      const count = load<u32>(other);
      const both = copyOf(load<u32>(before + ((i / hereCount) << 2)), count);
      for (let k: u32 = 0; k < count; k++) need(both, placeAt(other, k));
      if (!offer(both)) setHeap(mark);
    }
    settle();
  }
}
