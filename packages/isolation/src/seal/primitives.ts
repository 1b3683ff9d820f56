/**
 * The only places where keys meet bytes: HMAC (RFC 2104), AES-256-GCM (NIST SP 800-38D), AES-256-CTR (SP 800-38A), SHA-256. Decryption gives the
 * whole plaintext after its tag has been checked, or nothing.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  type KeyObject,
} from "node:crypto";

/** Bytes of a GCM tag; shorter ones are refused. */
export const tagLength = 16;

export function hmacSha256(key: KeyObject, ...message: readonly Uint8Array[]): Buffer {
  return hmac("sha256", key, message);
}

export function hmacSha512(key: KeyObject, ...message: readonly Uint8Array[]): Buffer {
  return hmac("sha512", key, message);
}

function hmac(algorithm: "sha256" | "sha512", key: KeyObject, message: readonly Uint8Array[]): Buffer {
  // One call for all parts: each costs more than copying a cell.
  const [only] = message;
  const whole = message.length === 1 && only !== undefined ? only : Buffer.concat(message);
  return createHmac(algorithm, key).update(whole).digest();
}

export function sha256(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer");
}

/** Ciphertext and tag. The key has 32 bytes; a pair of key and nonce is used once. */
export function gcmEncrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Buffer {
  const cipher = createCipheriv("aes-256-gcm", secret(key), nonce, { authTagLength: tagLength });
  cipher.setAAD(aad);
  const body = cipher.update(plaintext);
  const rest = cipher.final();
  return Buffer.concat([body, rest, cipher.getAuthTag()]);
}

/** The plaintext of ciphertext and tag, or undefined if they are not authentic. */
export function gcmDecrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Buffer | undefined {
  if (sealed.length < tagLength) return undefined;
  const split = sealed.length - tagLength;
  const decipher = createDecipheriv("aes-256-gcm", secret(key), nonce, { authTagLength: tagLength });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(split));
  const body = decipher.update(sealed.subarray(0, split));
  try {
    // Nothing is left to come: the cipher is one of a stream.
    decipher.final();
    return body;
  } catch {
    body.fill(0);
    return undefined;
  }
}

/** A key that is given as bytes costs Node five times as much as one that is made into a key first. */
function secret(key: Uint8Array): KeyObject {
  return createSecretKey(key);
}

/** AES-256-CTR, which encrypts and decrypts alike; the initial value is the first counter block. It authenticates nothing. */
export function ctr(key: KeyObject, initial: Uint8Array, bytes: Uint8Array): Buffer {
  return createCipheriv("aes-256-ctr", key, initial).update(bytes);
}
