// The host, the configuration block that the linker writes, and the heap. Nothing is ever freed: every evaluation
// starts the heap anew. Addresses below 2048 are fixed here and in src/wasm/layout.ts.
@external("env", "opa_abort") declare function opa_abort(message: u32): void;

/** A word of the configuration block; the order is that of `Config` in src/wasm/layout.ts. */
@inline export function config(index: u32): u32 {
  return load<u32>(64 + (index << 2));
}

@inline export const ROOT: u32 = 0;
@inline export const STATE: u32 = 1;
@inline export const STATE_LENGTH: u32 = 2;
@inline export const NAMES: u32 = 3;
@inline export const NAMES_MASK: u32 = 4;
@inline export const LONGEST_NAME: u32 = 5;
@inline export const SET_NAMES: u32 = 6;
@inline export const PRINCIPAL: u32 = 7;
@inline export const ACTION: u32 = 8;
@inline export const RESOURCE: u32 = 9;
@inline export const TABLE_KEYS: u32 = 10;
@inline export const TABLE_COUNT: u32 = 11;
@inline export const BUILTINS: u32 = 12;
@inline export const ENTRYPOINTS: u32 = 13;
@inline export const HEAP: u32 = 14;
@inline export const ERRORS: u32 = 15;
@inline export const ANSWERS: u32 = 16;
@inline export const PARTS: u32 = 17;
@inline export const RULES: u32 = 18;
@inline export const ENTRIES: u32 = 19;
@inline export const PASSES: u32 = 20;
@inline export const PLACES: u32 = 21;
@inline export const MARKS: u32 = 22;
@inline export const DRAWS: u32 = 23;
@inline export const TOLD: u32 = 24;
@inline export const TABLES: u32 = 25;
@inline export const OWN_TENANT: u32 = 26;

/** One bit a level: object or array. */
@inline export const LEVELS: u32 = 256;
@inline export const MAX_DEPTH: u32 = 8192;
/** The limbs of a binary fraction. */
@inline export const LIMBS: u32 = 1536;
/** The eight groups of an IPv6 address, 16 bits each. */
@inline export const GROUPS: u32 = 1728;
/** No input is longer, in bytes. */
@inline export const MAX_INPUT: u32 = 16777216;

@inline export const MALFORMED: u32 = 0;
@inline export const NOT_UTF8: u32 = 1;
@inline export const TOO_DEEP: u32 = 2;
@inline export const TOO_LARGE: u32 = 3;
@inline export const NO_MEMORY: u32 = 4;
@inline export const NO_ENTRYPOINT: u32 = 5;

/** Ends the evaluation: the host throws. Whatever a host does, it never goes on. */
export function fail(error: u32): void {
  opa_abort(load<u32>(config(ERRORS) + (error << 2)));
  unreachable();
}

export let heap: u32 = 0;

export function setHeap(address: u32): void {
  heap = address;
}

/** Room for `size` bytes at the heap pointer, and 64 more that wide loads may touch. */
export function ensure(size: u32): void {
  const end = <u64>heap + size + 64;
  const have = <u64>memory.size() << 16;
  if (end > have) {
    if (end > 0xffff0000 || memory.grow(<i32>((end - have + 65535) >> 16)) < 0) fail(NO_MEMORY);
  }
}

/** Takes `size` bytes, aligned to 8. */
export function take(size: u32): u32 {
  heap = (heap + 7) & ~7;
  ensure(size);
  const at = heap;
  heap = at + size;
  return at;
}

export function sameBytes(a: u32, b: u32, length: u32): bool {
  while (length >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    length -= 8;
  }
  if (length == 0) return true;
  return ((load<u64>(a) ^ load<u64>(b)) << ((8 - length) << 3)) == 0;
}

/** Data of the policy stands packed: a byte that says which of the next eight are not zero, then those. */
export function unpack(from: u32, to: u32, end: u32): void {
  for (; to < end; to += 8) {
    const mask: u32 = load<u8>(from++);
    for (let i: u32 = 0; i < 8; i++) store<u8>(to + i, (mask >> i) & 1 ? load<u8>(from++) : 0);
  }
}
