// Numbers exactly: an Int is what the nearest double of the text is, if that is a whole number; a Decimal, an Instant,
// a Date and a Time are counts of their smallest unit. No floating point is used anywhere.
import { LIMBS } from "./host";
import { digit } from "./scan";

/** The last number read. */
export let value: i64 = 0;

// The digits of the text without sign, point and exponent; the point stands before digit `point`.
let whole: u32 = 0;
let wholeLength: i64 = 0;
let fraction: u32 = 0;
let count: i64 = 0;
let point: i64 = 0;

function digitAt(index: i64): u32 {
  if (index < 0 || index >= count) return 0;
  return <u32>load<u8>(index < wholeLength ? whole + <u32>index : fraction + <u32>(index - wholeLength)) - 48;
}

function zeroFrom(index: i64): bool {
  for (let i: i64 = index < 0 ? 0 : index; i < count; i++) if (digitAt(i) != 0) return false;
  return true;
}

function split(p: u32): void {
  whole = p;
  while (digit(load<u8>(p))) p++;
  wholeLength = p - whole;
  fraction = p;
  if (load<u8>(p) == 46) {
    fraction = ++p;
    while (digit(load<u8>(p))) p++;
  }
  count = wholeLength + <i64>(p - fraction);
  let exponent: i64 = 0;
  if ((load<u8>(p) | 32) == 101) {
    p++;
    const sign: u32 = load<u8>(p);
    if (sign == 43 || sign == 45) p++;
    // No text is long enough for a larger exponent to matter.
    for (; digit(load<u8>(p)); p++) if (exponent < 1000000000000) exponent = exponent * 10 + (load<u8>(p) - 48);
    if (sign == 45) exponent = -exponent;
  }
  point = wholeLength + exponent;
}

/** Compares the digits after the point with 2^-bits, or with 1 - 2^-bits: -1, 0 or 1. */
function compareFraction(bits: u32, complement: bool): i32 {
  const limbs = (bits + 31) >> 5;
  const low = (limbs << 5) - bits;
  for (let i: u32 = 0; i < limbs; i++) store<u32>(LIMBS + (i << 2), complement ? 0xffffffff : 0);
  store<u32>(LIMBS, complement ? <u32>0xffffffff << low : <u32>1 << low);
  // 2^-bits has exactly `bits` decimal digits.
  for (let i: u32 = 0; i < bits; i++) {
    let carry: u64 = 0;
    for (let j: u32 = 0; j < limbs; j++) {
      const t = <u64>load<u32>(LIMBS + (j << 2)) * 10 + carry;
      store<u32>(LIMBS + (j << 2), <u32>t);
      carry = t >> 32;
    }
    const other = digitAt(point + i);
    if (other != <u32>carry) return other < <u32>carry ? -1 : 1;
  }
  return zeroFrom(point + bits) ? 0 : 1;
}

/** True if the number at `p` (already checked) is, as a double, a whole number within the bounds. */
export function readInteger(p: u32, min: i64, max: i64): bool {
  const negative = load<u8>(p) == 45;
  split(negative ? p + 1 : p);
  let first: i64 = 0;
  while (first < count && digitAt(first) == 0) first++;
  value = 0;
  if (first < count) {
    if (point - first > 16) return false;
    let n: i64 = 0;
    for (let i = first; i < point; i++) n = n * 10 + digitAt(i);
    // Beyond every bound; below it there is at least one bit after the point to round by.
    if (n >= 1 << 53) return false;
    if (!zeroFrom(point)) {
      // Between whole numbers: which doubles are nearest, ties to even (IEEE 754 §4.3.1).
      if (n == 0) {
        if (compareFraction(1075, false) > 0) {
          if (compareFraction(54, true) < 0) return false;
          n = 1;
        }
      } else {
        const bits = <u32>clz(n) - 10;
        const down = compareFraction(bits, false);
        if (down > 0 || (down == 0 && bits == 1 && (n & 1) != 0)) {
          if (compareFraction(bits, true) < 0) return false;
          n++;
        }
      }
    }
    value = negative ? -n : n;
  }
  return value >= min && value <= max;
}

/** True if the text is a canonical decimal with `scale` digits after the point, no further from zero than `max`. */
export function readDecimal(at: u32, length: u32, scale: u32, max: i64): bool {
  const end = at + length;
  const negative = length > 0 && load<u8>(at) == 45;
  let p = negative ? at + 1 : at;
  const point = scale == 0 ? end : end - scale - 1;
  // At most 18 digits count, so at most 19 characters before the point.
  if (<i32>(point - p) < 1 || point - p > 19) return false;
  if (load<u8>(p) == 48 && point - p != 1) return false;
  let n: i64 = 0;
  let seen: u32 = 0;
  for (; p < end; p++) {
    const c: u32 = load<u8>(p);
    if (p == point) {
      if (c != 46) return false;
      continue;
    }
    if (!digit(c)) return false;
    if (seen != 0 || c != 48) seen++;
    if (seen > 18) return false;
    n = n * 10 + (c - 48);
  }
  if (n > max || (negative && n == 0)) return false;
  value = negative ? -n : n;
  return true;
}

function two(p: u32): i64 {
  return <i64>(load<u8>(p) - 48) * 10 + <i64>(load<u8>(p, 1) - 48);
}

const dayMicros: i64 = 86400000000;

/** True if `YYYY-MM-DD` stands at `at`, a real day of the years 0001–9999: `value` is then its days since 1970-01-01. */
function dayAt(at: u32): bool {
  for (let i: u32 = 0; i < 10; i++) {
    const c: u32 = load<u8>(at + i);
    if (i == 4 || i == 7 ? c != 45 : !digit(c)) return false;
  }
  const year = two(at) * 100 + two(at + 2);
  const month = two(at + 5);
  const day = two(at + 8);
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  const days: i64 = month == 2 ? (leap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  if (day > days) return false;
  // By H. Hinnant's "chrono-compatible low-level date algorithms"; the year is not negative.
  const y = month <= 2 ? year - 1 : year;
  const era = y / 400;
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  value = era * 146097 + dayOfEra - 719468;
  return true;
}

/** True if `HH:MM:SS.ffffff` stands at `at`, before 24:00 and without a leap second: `value` is then its microseconds. */
function timeAt(at: u32): bool {
  for (let i: u32 = 0; i < 15; i++) {
    const c: u32 = load<u8>(at + i);
    if (i == 2 || i == 5 ? c != 58 : i == 8 ? c != 46 : !digit(c)) return false;
  }
  const hour = two(at);
  const minute = two(at + 3);
  const second = two(at + 6);
  if (hour > 23 || minute > 59 || second > 59) return false;
  value = ((hour * 60 + minute) * 60 + second) * 1000000 + two(at + 9) * 10000 + two(at + 11) * 100 + two(at + 13);
  return true;
}

export function readDate(at: u32, length: u32): bool {
  return length == 10 && dayAt(at);
}

export function readTime(at: u32, length: u32): bool {
  return length == 15 && timeAt(at);
}

/** True if the text is `YYYY-MM-DDTHH:MM:SS.ffffffZ`. */
export function readInstant(at: u32, length: u32): bool {
  if (length != 27 || load<u8>(at, 10) != 84 || load<u8>(at, 26) != 90 || !dayAt(at)) return false;
  const days = value;
  if (!timeAt(at + 11)) return false;
  value += days * dayMicros;
  return true;
}
