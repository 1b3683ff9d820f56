/** One key of the transit engine, with its versions: AES-256-GCM, under a key derived from the context where the key is a derived one. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { badRequest } from "./vault-error.ts";

export interface TransitKey {
  readonly name: string;
  readonly derived: boolean;
  readonly exportable: boolean;
  readonly plaintextBackup: boolean;
  /** The first is version 1. */
  readonly versions: Buffer[];
  minDecryption: number;
  /** 0: the latest alone. */
  minEncryption: number;
  minAvailable: number;
  deletionAllowed: boolean;
}

export function newTransitKey(
  name: string,
  options: Pick<TransitKey, "derived" | "exportable" | "plaintextBackup">,
): TransitKey {
  return {
    ...options,
    name,
    versions: [randomBytes(32)],
    minDecryption: 1,
    minEncryption: 0,
    minAvailable: 0,
    deletionAllowed: false,
  };
}

export function encryptTransit(key: TransitKey, context: Buffer, plaintext: Buffer): string {
  const version = key.versions.length;
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyOf(key, version, context), nonce);
  const body = Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return `vault:v${version}:${body.toString("base64")}`;
}

/** Throws the errors of the engine, in its words. */
export function decryptTransit(key: TransitKey, context: Buffer, ciphertext: string): Buffer {
  if (!ciphertext.startsWith("vault:v")) throw badRequest("invalid ciphertext: no prefix");
  const [number = "", encoded] = splitOnce(ciphertext.slice("vault:v".length), ":");
  if (encoded === undefined) throw badRequest("invalid ciphertext: wrong number of fields");
  if (!/^[+-]?\d+$/.test(number)) throw badRequest("invalid ciphertext: version number could not be decoded");
  // Version 0 is what the first Vault called version 1.
  const version = Number(number) === 0 ? 1 : Number(number);
  if (version > key.versions.length) throw badRequest("invalid ciphertext: version is too new");
  if (version < key.minDecryption)
    throw badRequest("ciphertext or signature version is disallowed by policy (too old)");
  // As the engine's decoder does: line ends are skipped.
  const plain = encoded.replaceAll(/[\r\n]/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(plain) || plain.length % 4 !== 0)
    throw badRequest("invalid ciphertext: could not decode base64");
  const body = Buffer.from(plain, "base64");
  if (body.length < 12 + 16) throw badRequest("invalid ciphertext length");
  const decipher = createDecipheriv("aes-256-gcm", keyOf(key, version, context), body.subarray(0, 12));
  decipher.setAuthTag(body.subarray(-16));
  try {
    return Buffer.concat([decipher.update(body.subarray(12, -16)), decipher.final()]);
  } catch {
    throw badRequest("cipher: message authentication failed");
  }
}

function keyOf(key: TransitKey, version: number, context: Buffer): Buffer {
  const own = key.versions[version - 1];
  if (own === undefined) throw badRequest("no such key version");
  if (!key.derived) return own;
  if (context.length === 0)
    throw badRequest(
      "missing 'context' for key derivation; the key was created using a derived key, which means additional, per-request information must be included in order to perform operations with the key",
    );
  return Buffer.from(hkdfSync("sha256", own, Buffer.alloc(0), context, 32));
}

function splitOnce(text: string, by: string): readonly string[] {
  const at = text.indexOf(by);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + by.length)];
}
