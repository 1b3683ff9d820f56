/** The key that signs context tokens. The database has its pads; nobody else has it. */
import { randomBytes } from "node:crypto";

export interface ContextKey {
  /** Which key it is: 0 to 4294967295. */
  readonly id: number;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

export function createContextKey(id: number): ContextKey {
  return checkContextKey({ id, secret: new Uint8Array(randomBytes(32)) });
}

/** The key with bytes of its own. Throws a TypeError on any other shape; the error shows nothing of the key. */
export function checkContextKey(key: ContextKey): ContextKey {
  const { id, secret } = key;
  if (!Number.isInteger(id) || id < 0 || id > 0xffff_ffff)
    throw new TypeError("a context key's id is a whole number from 0 to 4294967295");
  if (!(secret instanceof Uint8Array) || secret.length !== 32)
    throw new TypeError("a context key has 32 bytes");
  return { id, secret: Uint8Array.from(secret) };
}
