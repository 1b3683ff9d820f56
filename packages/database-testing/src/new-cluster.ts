/** Makes a copied data folder of Postgres a cluster of its own: with another system identifier, as a new one would have. */
import { randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where a segment of the write-ahead log says which cluster it is of: behind the head that each of its pages has. */
const identifierInLog = 24;

/** Throws where the files are not as they are known to be. No server may run in the folder. */
export async function newCluster(data: string): Promise<void> {
  const control = join(data, "global", "pg_control");
  const bytes = await readFile(control);
  const before = Buffer.from(bytes.subarray(0, 8));
  const after = randomBytes(8);
  // Read as a bigint it is positive, as those are that are made from the time of day.
  after[7] = (after[7] ?? 0) & 0x7f;
  const sum = placeOfSum(bytes);
  after.copy(bytes);
  bytes.writeUInt32LE(crc32c(bytes, sum), sum);
  const log = join(data, "pg_wal");
  for (const name of await readdir(log)) {
    if (!/^[0-9A-F]{24}$/.test(name)) continue;
    const segment = await readFile(join(log, name));
    const known = segment.subarray(identifierInLog, identifierInLog + 8);
    // One that is kept for later use says nothing yet.
    if (known.every((byte) => byte === 0)) continue;
    if (!known.equals(before)) throw new Error(`${name} is not of the cluster that it lies in`);
    after.copy(segment, identifierInLog);
    await writeFile(join(log, name), segment);
  }
  await writeFile(control, bytes);
}

/** The sum of what stands before it follows the last of the facts; the rest of the file is zeros. */
function placeOfSum(bytes: Buffer): number {
  const end = bytes.findLastIndex((byte) => byte !== 0);
  for (let place = end - 3; place <= end; place++)
    if (crc32c(bytes, place) === bytes.readUInt32LE(place)) return place;
  throw new Error("pg_control has no sum");
}

/** Castagnoli's, of the first bytes. */
function crc32c(bytes: Uint8Array, length: number): number {
  let sum = 0xffffffff;
  for (const byte of bytes.subarray(0, length)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0x82f63b78 : 0);
  }
  return ~sum >>> 0;
}
