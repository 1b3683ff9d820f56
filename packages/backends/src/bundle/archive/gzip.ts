/**
 * A gzip member (RFC 1952) of stored blocks (RFC 1951 §3.2.4): the bytes are the same whoever writes them, and what is
 * read is never longer than the file, so there is nothing to unfold.
 */
import { refuse } from "../bundle-error.ts";

/** No name, no time, no operating system. */
const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
const trailerSize = 8;
const largestBlock = 0xffff;

/** `sum` is the CRC-32 of the data, where it is known. */
export function writeGzip(data: Uint8Array, sum: number = crc32(data)): Uint8Array {
  const blocks = Math.max(1, Math.ceil(data.length / largestBlock));
  const bytes = new Uint8Array(header.length + blocks * 5 + data.length + trailerSize);
  const view = new DataView(bytes.buffer);
  bytes.set(header);
  let at = header.length;
  for (let block = 0; block < blocks; block += 1) {
    const part = data.subarray(block * largestBlock, (block + 1) * largestBlock);
    view.setUint8(at, block === blocks - 1 ? 1 : 0);
    view.setUint16(at + 1, part.length, true);
    view.setUint16(at + 3, ~part.length & 0xffff, true);
    bytes.set(part, at + 5);
    at += 5 + part.length;
  }
  view.setUint32(at, sum, true);
  view.setUint32(at + 4, data.length, true);
  return bytes;
}

/** The CRC-32 that a gzip file says its data has. */
export function sumIn(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(
    bytes.length - trailerSize,
    true,
  );
}

/** The data of a gzip file. Refuses one that is compressed, cut, or not what its sums say. */
export function readGzip(bytes: Uint8Array): Uint8Array {
  const bad = (what: string): never => refuse("bundle/bad-archive", `the archive ${what}`);
  if (bytes.length < header.length + trailerSize || bytes[0] !== 0x1f || bytes[1] !== 0x8b)
    return bad("is no gzip file");
  if (bytes[2] !== header[2] || bytes[3] !== header[3]) return bad("has a header with more than it needs");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = new Uint8Array(bytes.length);
  let at = header.length;
  let length = 0;
  for (let last = false; !last;) {
    if (at + 5 > bytes.length) return bad("ends within a block");
    const kind = view.getUint8(at);
    if ((kind & 6) !== 0)
      return refuse(
        "bundle/compressed",
        "the archive is compressed; a bundle's archive has stored blocks only",
      );
    if (kind > 1) return bad("has a block with more than it needs");
    last = kind === 1;
    const size = view.getUint16(at + 1, true);
    if (view.getUint16(at + 3, true) !== (~size & 0xffff)) return bad("has a block of unclear length");
    if (at + 5 + size > bytes.length) return bad("ends within a block");
    data.set(bytes.subarray(at + 5, at + 5 + size), length);
    length += size;
    at += 5 + size;
  }
  if (at + trailerSize !== bytes.length) return bad("does not end where its data ends");
  const stored = data.subarray(0, length);
  if (view.getUint32(at, true) !== crc32(stored) || view.getUint32(at + 4, true) !== length)
    return bad("is not what its sums say");
  return stored;
}

/** Eight tables of 256: what a byte comes to that has 0 to 7 bytes behind it. */
const crcTables = ((): Uint32Array => {
  const tables = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    tables[byte] = value;
  }
  for (let at = 256; at < tables.length; at += 1) {
    const before = tables[at - 256] as number;
    tables[at] = (before >>> 8) ^ (tables[before & 255] as number);
  }
  return tables;
})();

/** RFC 1952 §8, eight bytes at a time. */
function crc32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const table = (number: number, byte: number): number => crcTables[number * 256 + (byte & 255)] as number;
  let value = ~0;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const low = view.getUint32(at, true) ^ value;
    const high = view.getUint32(at + 4, true);
    value =
      table(7, low) ^
      table(6, low >>> 8) ^
      table(5, low >>> 16) ^
      table(4, low >>> 24) ^
      table(3, high) ^
      table(2, high >>> 8) ^
      table(1, high >>> 16) ^
      table(0, high >>> 24);
  }
  for (; at < bytes.length; at += 1) value = table(0, value ^ (bytes[at] as number)) ^ (value >>> 8);
  return ~value >>> 0;
}
