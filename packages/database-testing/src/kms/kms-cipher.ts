/** What KMS enciphers: AES-256-GCM under a key's material, with the encryption context as additional data. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { KmsError } from "./kms-error.ts";

export type EncryptionContext = Readonly<Record<string, string>>;

/** The form, the key's id of 36 letters, and which material of the key. */
const headerLength = 1 + 36 + 4;

export function encrypt(
  keyId: string,
  materials: readonly Buffer[],
  context: EncryptionContext,
  plaintext: Uint8Array,
): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt8(1);
  header.write(keyId, 1, "latin1");
  header.writeUInt32BE(materials.length - 1, 37);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", materials.at(-1) as Buffer, nonce);
  cipher.setAAD(Buffer.concat([header, formatContext(context)]));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, nonce, body, cipher.getAuthTag()]);
}

/** Undefined for what is no ciphertext. */
export function keyIdOf(blob: Buffer): string | undefined {
  if (blob.length < headerLength + 28 || blob[0] !== 1) return undefined;
  return blob.toString("latin1", 1, 37);
}

/** Throws `InvalidCiphertextException`. */
export function decrypt(materials: readonly Buffer[], context: EncryptionContext, blob: Buffer): Buffer {
  const header = blob.subarray(0, headerLength);
  const material = materials[header.readUInt32BE(37)];
  if (material === undefined) throw invalidCiphertext();
  const nonce = blob.subarray(headerLength, headerLength + 12);
  const decipher = createDecipheriv("aes-256-gcm", material, nonce);
  decipher.setAAD(Buffer.concat([header, formatContext(context)]));
  decipher.setAuthTag(blob.subarray(-16));
  try {
    return Buffer.concat([decipher.update(blob.subarray(headerLength + 12, -16)), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

export function invalidCiphertext(): KmsError {
  // The service gives no reason.
  return new KmsError("InvalidCiphertextException", "");
}

function formatContext(context: EncryptionContext): Buffer {
  const parts = Object.keys(context)
    .toSorted()
    .flatMap((name) => [name, context[name] ?? ""]);
  return Buffer.from(JSON.stringify(parts), "utf8");
}
