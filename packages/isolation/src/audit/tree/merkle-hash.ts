/** The hashes of RFC 6962's trees (SHA-256, hex). What a leaf hashes to is never what a node hashes to: their prefixes differ. */
import { hash } from "node:crypto";

/** The root of a tree without leaves. */
export const emptyRoot = hash("sha256", Buffer.alloc(0), "hex");

const node = Buffer.alloc(65);
node[0] = 0x01;

/** The hash of a leaf that holds these bytes. */
export function leafHash(bytes: Uint8Array): string {
  const prefixed = Buffer.allocUnsafe(1 + bytes.length);
  prefixed[0] = 0x00;
  prefixed.set(bytes, 1);
  return hash("sha256", prefixed, "hex");
}

const entryLeaf = Buffer.alloc(33);

/** The leaf of an entry of a chain: it holds the entry's stored hash, 32 bytes, which is given in hex. */
export function entryLeafHash(storedHash: string): string {
  if (entryLeaf.write(storedHash, 1, "hex") !== 32 || storedHash.length !== 64)
    throw new TypeError("a stored hash has 32 bytes");
  return hash("sha256", entryLeaf, "hex");
}

/** The hash of the node above two others. */
export function nodeHash(left: string, right: string): string {
  node.write(left, 1, "hex");
  node.write(right, 33, "hex");
  return hash("sha256", node, "hex");
}
