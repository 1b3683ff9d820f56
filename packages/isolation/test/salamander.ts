/**
 * Ciphertexts that AES-GCM accepts under two keys, each time with another text ("invisible salamanders"): one block is solved for
 * in GF(2^128), so that both tags are one. They show what the commitment of an envelope is for.
 */
import { createCipheriv } from "node:crypto";

/** Ciphertext and tag of two blocks, authentic under both keys with a nonce of zeros, each with its own associated data. */
export function salamander(
  keys: readonly [Uint8Array, Uint8Array],
  aads: readonly [Uint8Array, Uint8Array],
): Buffer {
  const first = Buffer.alloc(16, 0x5a);
  const sides = [0, 1].map((at) => side(keys[at] as Uint8Array, aads[at] as Uint8Array, first));
  const [left, right] = sides as [Side, Side];
  // GHASH ends in … ⊕ X·H² ⊕ lengths·H: of the unknown block X stands H².
  const block = multiply(left.rest ^ right.rest, inverse(left.square ^ right.square));
  const tag = left.rest ^ multiply(block, left.square);
  return Buffer.concat([first, bytesOf(block), bytesOf(tag)]);
}

interface Side {
  /** The tag but for the unknown block. */
  readonly rest: bigint;
  readonly square: bigint;
}

function side(key: Uint8Array, aad: Uint8Array, first: Uint8Array): Side {
  const h = encryptBlock(key, Buffer.alloc(16));
  const counter = Buffer.alloc(16);
  counter[15] = 1;
  const lengths = Buffer.alloc(16);
  lengths.writeBigUInt64BE(BigInt(aad.length * 8));
  lengths.writeBigUInt64BE(BigInt(32 * 8), 8);
  const padded = Buffer.concat([aad, Buffer.alloc((16 - (aad.length % 16)) % 16)]);
  const blocks = [...chunks(padded), bigOf(first), 0n, bigOf(lengths)];
  const ghash = blocks.reduce((sum, block) => multiply(sum ^ block, h), 0n);
  return { rest: ghash ^ encryptBlock(key, counter), square: multiply(h, h) };
}

function chunks(bytes: Buffer): readonly bigint[] {
  return Array.from({ length: bytes.length / 16 }, (_, at) => bigOf(bytes.subarray(at * 16, at * 16 + 16)));
}

function encryptBlock(key: Uint8Array, block: Uint8Array): bigint {
  const cipher = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
  return bigOf(cipher.update(block));
}

/** GF(2^128) with GCM's order of bits: the first bit of the first byte is the coefficient of 1 (NIST SP 800-38D, 6.3). */
function multiply(x: bigint, y: bigint): bigint {
  let product = 0n;
  let factor = y;
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((x >> bit) & 1n) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ (0xe1n << 120n) : factor >> 1n;
  }
  return product;
}

/** x^(2^128 − 2). */
function inverse(x: bigint): bigint {
  let result = 1n << 127n;
  let power = x;
  for (let at = 1; at < 128; at++) {
    power = multiply(power, power);
    result = multiply(result, power);
  }
  return result;
}

function bigOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function bytesOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(32, "0"), "hex");
}
