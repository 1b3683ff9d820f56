/**
 * How a file stands in a bucket: whole under its key, or in parts that are each smaller than what a server takes at once. The
 * first byte of the entry says which.
 */
import { SourceError } from "../sources/source-error.ts";
import { partsOf } from "../sources/repository-path.ts";
import { natsSubject } from "./nats-name.ts";

/** Bytes of a part; servers take a mebibyte unless they are told otherwise. */
const partSize = 256 * 1024;
const whole = 0x77;
const parted = 0x70;

export const keyOf = (path: string): string => natsSubject("f", ...partsOf(path));
const partKey = (path: string, part: number): string => natsSubject("p", ...partsOf(path), String(part));

/** Entries by key, in the order in which they are to be written: the file's own, which makes it count, is the last. */
export function entriesOf(path: string, bytes: Uint8Array): readonly (readonly [string, Uint8Array])[] {
  if (bytes.length < partSize) return [[keyOf(path), Buffer.concat([Buffer.of(whole), bytes])]];
  const entries: [string, Uint8Array][] = [];
  for (let at = 0; at < bytes.length; at += partSize)
    entries.push([partKey(path, entries.length), bytes.subarray(at, at + partSize)]);
  const head = Buffer.alloc(9);
  head[0] = parted;
  head.writeBigUInt64BE(BigInt(bytes.length), 1);
  return [...entries, [keyOf(path), head]];
}

/** Reads a file by its entries; `get` gives null for what is not there. */
export async function readEntries(
  path: string,
  maxSize: number,
  get: (key: string) => Promise<Uint8Array | null>,
): Promise<Uint8Array | "missing" | "too-large"> {
  const entry = await get(keyOf(path));
  if (entry === null) return "missing";
  if (entry[0] === whole)
    return entry.length - 1 > maxSize ? "too-large" : Uint8Array.from(entry.subarray(1));
  if (entry[0] !== parted || entry.length !== 9) throw broken();
  const size = Number(Buffer.from(entry).readBigUInt64BE(1));
  if (size > maxSize) return "too-large";
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += partSize) {
    const part = await get(partKey(path, at / partSize));
    if (part === null || part.length !== Math.min(partSize, size - at)) throw broken();
    bytes.set(part, at);
  }
  return bytes;
}

function broken(): SourceError {
  return new SourceError("source/unavailable", "an entry of the bucket is no file of a repository");
}
