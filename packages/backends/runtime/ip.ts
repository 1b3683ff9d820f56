// IP addresses in canonical form: IPv4 as four decimal numbers without leading zeros, IPv6 as RFC 5952 §4 writes it.
// The bits of an address stand in `high` and `low`; those of IPv4 at the top of `high`.
import { GROUPS } from "./host";
import { digit } from "./scan";

let high: u64 = 0;
let low: u64 = 0;

/** The version of the address that the text is, 4 or 6; 0 if it is none in canonical form. */
export function readIp(at: u32, length: u32): u32 {
  const end = at + length;
  for (let p = at; p < end; p++) if (load<u8>(p) == 58) return readIpv6(at, end) ? 6 : 0;
  return readIpv4(at, end) ? 4 : 0;
}

function readIpv4(p: u32, end: u32): bool {
  let bits: u64 = 0;
  for (let i = 0; i < 4; i++) {
    if (i > 0 && (p >= end || load<u8>(p++) != 46)) return false;
    if (p >= end || !digit(load<u8>(p))) return false;
    let part: u32 = load<u8>(p++) - 48;
    // A number that begins with 0 is 0.
    while (part != 0 && part < 256 && p < end && digit(load<u8>(p))) part = part * 10 + (load<u8>(p++) - 48);
    if (part > 255) return false;
    bits = (bits << 8) | part;
  }
  high = bits << 32;
  low = 0;
  return p == end;
}

function hexDigit(c: u32): u32 {
  return c - 48 < 10 ? c - 48 : c - 97 < 6 ? c - 87 : 16;
}

function group(index: u32): u64 {
  return load<u16>(GROUPS + (index << 1));
}

function readIpv6(at: u32, end: u32): bool {
  memory.fill(GROUPS, 0, 16);
  let p = at;
  let count: u32 = 0;
  // Before which group `::` stands; 8 if it does not.
  let gap: u32 = 8;
  // The text has a colon, so that at the least one byte follows the first or precedes it.
  if (end - at >= 2 && load<u16>(p) == 0x3a3a) {
    gap = 0;
    p += 2;
  }
  while (p < end) {
    if (count == 8) return false;
    const start = p;
    let bits: u32 = 0;
    for (; p < end && hexDigit(load<u8>(p)) < 16; p++) {
      if (p - start == 4) return false;
      bits = (bits << 4) | hexDigit(load<u8>(p));
    }
    if (p == start || (p - start > 1 && load<u8>(start) == 48)) return false;
    store<u16>(GROUPS + (count++ << 1), bits);
    if (p == end) break;
    if (load<u8>(p++) != 58 || p == end) return false;
    if (load<u8>(p) == 58) {
      if (gap < 8) return false;
      gap = count;
      p++;
    }
  }
  const missing = 8 - count;
  if (gap < 8) {
    const after = (count - gap) << 1;
    memory.copy(GROUPS + 16 - after, GROUPS + (gap << 1), after);
    memory.fill(GROUPS + (gap << 1), 0, missing << 1);
  }
  // `::` stands for the first of the longest runs of zeros, of two or more; and so the gap is all of that run.
  let first: u32 = 8;
  let longest: u32 = 1;
  for (let start: u32 = 0; start < 8; start++) {
    let stop = start;
    while (stop < 8 && group(stop) == 0) stop++;
    if (stop - start > longest) {
      first = start;
      longest = stop - start;
    }
  }
  if (gap != first || (gap == 8 ? count != 8 : missing != longest)) return false;
  high = (group(0) << 48) | (group(1) << 32) | (group(2) << 16) | group(3);
  low = (group(4) << 48) | (group(5) << 32) | (group(6) << 16) | group(7);
  // An IPv4 address inside IPv6 is written as IPv4.
  return high != 0 || low >> 32 != 0xffff;
}

/** The address of a cell lies in one of the networks: each its version and prefix, 8 bytes, then its bits, 16. */
export function inNetworks(cell: u32, networks: u32, count: u32): bool {
  if (load<u32>(cell) == 0) return false;
  const version = readIp(load<u32>(cell, 4), load<u32>(cell, 8));
  for (let i: u32 = 0; i < count; i++) {
    const network = networks + i * 24;
    if (load<u32>(network) != version) continue;
    const prefix: u64 = load<u32>(network, 4);
    const a = high ^ load<u64>(network, 8);
    if (prefix <= 64 ? prefix == 0 || a >> (64 - prefix) == 0 : a == 0 && (low ^ load<u64>(network, 16)) >> (128 - prefix) == 0)
      return true;
  }
  return false;
}
