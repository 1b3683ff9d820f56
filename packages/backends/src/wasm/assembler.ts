/**
 * Instructions of WebAssembly (core specification 2.0 §5.4) as bytes. It knows encodings only, never what is compiled.
 */
export type Code = readonly number[];

export type ValType = typeof i32Type | typeof i64Type;
export const i32Type = 0x7f;
export const i64Type = 0x7e;
const noType = 0x40;

/** A whole number ≥ 0 as LEB128. */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = (rest - low) / 128;
    bytes.push(rest > 0 ? low | 128 : low);
  } while (rest > 0);
  return bytes;
}

/** A whole number as signed LEB128. */
export function signed(value: number | bigint): Code {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (;;) {
    const low = Number(rest & 127n);
    rest >>= 7n;
    const done = rest === ((low & 64) === 0 ? 0n : -1n);
    bytes.push(done ? low : low | 128);
    if (done) return bytes;
  }
}

export const i32Const = (value: number): Code => [0x41, ...signed(value)];
export const i64Const = (value: bigint): Code => [0x42, ...signed(value)];

/** Loads from a fixed address. */
export const loadAt = (address: number): Code => [...i32Const(address), 0x28, 2, 0];
export const loadByteAt = (address: number): Code => [...i32Const(address), 0x2d, 0, 0];
export const loadLongAt = (address: number): Code => [...i32Const(address), 0x29, 3, 0];
/** Loads at an offset from the address on the stack. */
export const load = (offset: number): Code => [0x28, 2, ...unsigned(offset)];
export const loadLong = (offset: number): Code => [0x29, 3, ...unsigned(offset)];
export const storeByte: Code = [0x3a, 0, 0];
/** Stores at an offset from the address below the value on the stack. */
export const storeByteAt = (offset: number): Code => [0x3a, 0, ...unsigned(offset)];
export const storeWord = (offset: number): Code => [0x36, 2, ...unsigned(offset)];

export const localGet = (index: number): Code => [0x20, ...unsigned(index)];
export const localSet = (index: number): Code => [0x21, ...unsigned(index)];
export const localTee = (index: number): Code => [0x22, ...unsigned(index)];
export const call = (index: number): Code => [0x10, ...unsigned(index)];
export const branch = (depth: number): Code => [0x0c, ...unsigned(depth)];
export const branchIf = (depth: number): Code => [0x0d, ...unsigned(depth)];
export const block = (body: Code, type: ValType | typeof noType = noType): Code => [
  0x02,
  type,
  ...body,
  0x0b,
];
export const when = (body: Code): Code => [0x04, noType, ...body, 0x0b];
export const whenElse = (body: Code, otherwise: Code): Code => [
  0x04,
  noType,
  ...body,
  0x05,
  ...otherwise,
  0x0b,
];

export const leave: Code = [0x0f];
export const drop: Code = [0x1a];
export const select: Code = [0x1b];
export const trap: Code = [0x00];
export const memorySize: Code = [0x3f, 0];
export const memoryGrow: Code = [0x40, 0];
/** Where to, where from and length are on the stack. */
export const memoryCopy: Code = [0xfc, 10, 0, 0];
/** Address, offset in the segment and length are on the stack. */
export const memoryInit = (segment: number): Code => [0xfc, 8, ...unsigned(segment), 0];

export const i32Eqz: Code = [0x45];
export const i32Eq: Code = [0x46];
export const i32Ne: Code = [0x47];
export const i32LtS: Code = [0x48];
export const i32Add: Code = [0x6a];
export const i32Sub: Code = [0x6b];
export const i32And: Code = [0x71];
export const i32Or: Code = [0x72];
export const i64Eqz: Code = [0x50];
export const i64Eq: Code = [0x51];
export const i64LtS: Code = [0x53];
export const i64GtS: Code = [0x55];
export const i64LeS: Code = [0x57];
export const i64GeS: Code = [0x59];
export const i64Add: Code = [0x7c];
export const i64And: Code = [0x83];
