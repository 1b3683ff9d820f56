// What the rules of a table find in one request, as `ask` of the oracle has it. The policy's code asks for every pass its
// floors and forbids, then for every pass its grants, then for every pass its requires.
import { config, DRAWS, ENTRIES, MARKS, PASSES, PLACES, TOLD } from "./host";
import {
  DRAW_COUNT, entryAt, FIELD_COUNT, FLOOR, flagsOf, levelOf, MARK_COUNT, PASS_COUNT, TENANT, termsOf, word,
} from "./table";

// A byte of state for each entry: bits.
@inline export const FORBIDS: u32 = 1;
@inline export const COUNTS: u32 = 2;
@inline export const ASKS: u32 = 4;
@inline export const SPENT: u32 = 8;
// A pass: +0 flags, +8 the shortest wait of its spent grants. The first two flags say which of its grants an answer does
// not name: those that ask once one counts, and those that are spent once one is granted.
@inline export const COUNTED: u32 = 4;
@inline export const GRANTED: u32 = 8;
@inline const FLOORED: u32 = 16;
@inline const CLOSED: u32 = 32;
/** A grant that counts has no limit. */
@inline const FREE: u32 = 64;
@inline const WAITS: u32 = 128;
@inline export const KNOWN: u32 = 256;

let pass: u32 = 0;
let here: u32 = 0;
let isUnmet: bool = false;
let isForbidden: bool = false;

/** The highest level of audit that is asked for. */
export let level: u32 = 0;
/** A require asks for something. */
export let asks: bool = false;
/** A require's limit is exhausted; `wait` is the longest of theirs, if it is known of each. */
export let exhausted: bool = false;
export let unknown: bool = false;
export let wait: i64 = 0;

/** Before the rules of a request are asked. */
export function begin(): void {
  isUnmet = isForbidden = asks = exhausted = unknown = false;
  level = 0;
  wait = i64.MIN_VALUE;
}

export function passAt(index: u32): u32 {
  return config(PASSES) + (index << 4);
}

/** What follows is of this pass. */
export function enter(index: u32): void {
  pass = index;
  here = passAt(index);
}

@inline function flag(flags: u32): void {
  store<u32>(here, load<u32>(here) | flags);
}

@inline function note(entry: u32, bit: u32): void {
  const at = config(ENTRIES) + entry;
  store<u8>(at, <u32>load<u8>(at) | bit);
}

/** Where it is noted which masks the grants or the requires of a pass have: a byte for each mask of each field. */
export function marksOf(pass: u32, requires: u32): u32 {
  return config(MARKS) + ((pass << 1) + requires) * word(MARK_COUNT);
}

/** Where it is noted which limits the grants of a pass draw from; those that the decision draws from come first. */
export function drawsOf(pass: u32): u32 {
  return config(DRAWS) + (pass + 1) * word(DRAW_COUNT);
}

function noteMasks(marks: u32, row: u32): void {
  const count = word(FIELD_COUNT);
  for (let i: u32 = 0; i < count; i++) store<u8>(marks + load<u16>(row + (i << 1)), 1);
}

function noteDuties(entry: u32): void {
  const asked = levelOf(entry);
  if (asked > level) level = asked;
  const terms = termsOf(entry);
  if (terms == 0) return;
  const told = load<u32>(terms, 20);
  const count = load<u32>(terms, 24);
  for (let i: u32 = 0; i < count; i++) store<u8>(config(TOLD) + load<u32>(told + (i << 2)), 1);
}

@inline function hasLimit(terms: u32): bool {
  return terms != 0 && load<u32>(terms, 8) != 0;
}

@inline function isSpent(terms: u32): bool {
  if (!hasLimit(terms)) return false;
  const left = load<u32>(terms, 8);
  return load<u32>(left) != 0 && load<i64>(left, 16) == 0;
}

/** A forbid matches. One of the tenant gives way to a floor, and still closes all other grants. */
export function forbid(number: u32): void {
  if (flagsOf(entryAt(number)) & TENANT && load<u32>(here) & FLOORED) {
    flag(CLOSED);
    return;
  }
  note(number, FORBIDS);
  isForbidden = true;
}

export function anyForbid(): bool {
  return isForbidden;
}

/** No forbid of the tenant stands in the way of this pass's grants. */
export function isOpen(): bool {
  return (load<u32>(here) & CLOSED) == 0;
}

/** A precondition is not met, of the entry that is asked next. */
export function unmet(place: u32): void {
  store<u8>(config(PLACES) + place, 1);
  isUnmet = true;
}

export function grant(number: u32): void {
  const asksFirst = isUnmet;
  isUnmet = false;
  const entry = entryAt(number);
  const terms = termsOf(entry);
  if (flagsOf(entry) & FLOOR) flag(FLOORED);
  if (isSpent(terms)) {
    note(number, SPENT);
    flag(WAITS);
    const more = load<u32>(terms, 12);
    if (load<u32>(more) == 0) return;
    const time = load<i64>(more, 16);
    if ((load<u32>(here) & KNOWN) == 0 || time < load<i64>(here, 8)) store<i64>(here, time, 8);
    flag(KNOWN);
    return;
  }
  if (asksFirst) {
    flag(GRANTED);
    note(number, ASKS);
    return;
  }
  note(number, COUNTS);
  flag(GRANTED | COUNTED);
  noteMasks(marksOf(pass, 0), load<u32>(entry, 8));
  noteDuties(entry);
  if (hasLimit(terms)) store<u8>(drawsOf(pass) + load<u32>(terms, 16), 1);
  else flag(FREE);
}

/** The pass has no grant, not even one that is spent. */
export function noGrant(): bool {
  return (load<u32>(here) & (GRANTED | WAITS)) == 0;
}

/** A require applies. Where a floor matches, one of the tenant has duties only. */
export function require(number: u32): void {
  const asksFirst = isUnmet;
  isUnmet = false;
  const entry = entryAt(number);
  noteDuties(entry);
  if (flagsOf(entry) & TENANT && load<u32>(here) & FLOORED) return;
  const terms = termsOf(entry);
  if (isSpent(terms)) {
    note(number, SPENT);
    exhausted = true;
    const more = load<u32>(terms, 12);
    if (load<u32>(more) == 0) unknown = true;
    else wait = max(wait, load<i64>(more, 16));
  }
  if (asksFirst) {
    note(number, ASKS);
    asks = true;
  }
  noteMasks(marksOf(pass, 1), load<u32>(entry, 8));
  if (hasLimit(terms)) store<u8>(config(DRAWS) + load<u32>(terms, 16), 1);
}

/** After all rules: what the grants of each pass come to. */
export function conclude(): void {
  const passes = word(PASS_COUNT);
  const draws = word(DRAW_COUNT);
  for (let i: u32 = 0; i < passes; i++) {
    const at = passAt(i);
    const flags = load<u32>(at);
    if ((flags & GRANTED) == 0) {
      exhausted = true;
      if (flags & KNOWN) wait = max(wait, load<i64>(at, 8));
      else unknown = true;
    }
    if ((flags & COUNTED) == 0) asks = true;
    // None is drawn from for a grant where one that counts has no limit.
    if (flags & FREE) continue;
    const all = config(DRAWS);
    for (let k: u32 = 0; k < draws; k++) if (load<u8>(drawsOf(i) + k) != 0) store<u8>(all + k, 1);
  }
}
