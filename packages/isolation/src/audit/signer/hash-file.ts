/**
 * The hashes of a chain's entries in the signer's folder, 32 bytes each: what it has seen of the chain, so that a changed entry can be
 * named and proofs be made without the database. A file may be longer than what was signed, by what a crash left; never shorter.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { hash } from "node:crypto";
import { join } from "node:path";
import { entryLeafHash } from "../tree/merkle-hash.ts";
import type { Leaves } from "../tree/prove.ts";

const width = 32;
const pageHashes = 4096;

/** Nothing of a tenant's id gets into a path. */
export function hashFile(folder: string, tenant: string): string {
  return join(folder, hash("sha256", tenant, "hex"));
}

/** Puts hashes behind the first `size` and takes away what stood there. They are on the disk when it returns. */
export function appendHashes(path: string, size: number, hashes: readonly string[]): void {
  const file = openSync(path, existsSync(path) ? "r+" : "wx+", 0o600);
  try {
    if (fstatSync(file).size < size * width) throw new RangeError("hashes are missing");
    ftruncateSync(file, size * width);
    const bytes = Buffer.from(hashes.join(""), "hex");
    for (let done = 0; done < bytes.length;)
      done += writeSync(file, bytes, done, bytes.length - done, size * width + done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The hashes from one place, counted from 0, to before another, page by page. Throws a RangeError where they are missing. */
export function* readHashes(path: string, from: number, to: number): Generator<readonly string[]> {
  if (from >= to) return;
  if (!existsSync(path)) throw new RangeError("hashes are missing");
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(pageHashes * width);
    for (let at = from; at < to;) {
      const count = Math.min(pageHashes, to - at);
      const read = readSync(file, bytes, 0, count * width, at * width);
      if (read !== count * width) throw new RangeError("hashes are missing");
      yield Array.from({ length: count }, (_, n) => bytes.toString("hex", n * width, (n + 1) * width));
      at += count;
    }
  } finally {
    closeSync(file);
  }
}

/** The first `size` leaves of a chain's tree. */
export function readLeaves(path: string, size: number): Leaves {
  const leaves: string[] = [];
  for (const page of readHashes(path, 0, size)) for (const stored of page) leaves.push(entryLeafHash(stored));
  return { size, at: (index) => leaves[index] as string };
}
