/**
 * Keys of signed notes, in the two forms that tools for such notes share: `NAME+ID+KEY` is public, and
 * `PRIVATE+KEY+NAME+ID+KEY` is not. The id is made of the name and the key, so neither stands for another.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject } from "node:crypto";

export interface NoteKey {
  readonly name: string;
  /** Eight hex digits. */
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

export interface NoteSigner extends NoteKey {
  readonly privateKey: KeyObject;
}

/** Ed25519, as the id and the two forms say it. */
const algorithm = 0x01;
const namePattern = /^[^\s+\p{C}]{1,200}$/u;

/** A new key. Throws a TypeError for a name with a space, a plus or a control character. */
export function createNoteSigner(name: string): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return signerOf(checkName(name), privateKey, publicKey);
}

/** What verifiers are given. */
export function formatNoteKey({ name, keyId, publicKey }: NoteKey): string {
  return `${name}+${keyId}+${withAlgorithm(rawOf(publicKey, "x"))}`;
}

/** What the signer keeps. */
export function formatNoteSigner({ name, keyId, privateKey }: NoteSigner): string {
  return `PRIVATE+KEY+${name}+${keyId}+${withAlgorithm(rawOf(privateKey, "d"))}`;
}

/** Null for what is no public key of this form, or bears another key's id. */
export function parseNoteKey(text: string): NoteKey | null {
  const [, name, keyId, base64] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text) ?? [];
  const raw = rawFrom(base64);
  if (name === undefined || !namePattern.test(name) || raw === null) return null;
  try {
    const publicKey = createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") },
      format: "jwk",
    });
    return keyIdOf(name, publicKey) === keyId ? { name, keyId, publicKey } : null;
  } catch {
    return null;
  }
}

/** Null for what is no private key of this form, or bears another key's id. */
export function parseNoteSigner(text: string): NoteSigner | null {
  const [, name, keyId, base64] =
    /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text) ?? [];
  const raw = rawFrom(base64);
  if (name === undefined || !namePattern.test(name) || raw === null) return null;
  // The 16 bytes before a seed in PKCS #8 (RFC 8410).
  const head = Buffer.from("302e020100300506032b657004220420", "hex");
  const privateKey = createPrivateKey({ key: Buffer.concat([head, raw]), format: "der", type: "pkcs8" });
  const signer = signerOf(name, privateKey, createPublicKey(privateKey));
  return signer.keyId === keyId ? signer : null;
}

function signerOf(name: string, privateKey: KeyObject, publicKey: KeyObject): NoteSigner {
  return { name, keyId: keyIdOf(name, publicKey), publicKey, privateKey };
}

function keyIdOf(name: string, publicKey: KeyObject): string {
  const parts = [Buffer.from(`${name}\n`, "utf8"), Buffer.from([algorithm]), rawOf(publicKey, "x")];
  return hash("sha256", Buffer.concat(parts), "hex").slice(0, 8);
}

function checkName(name: string): string {
  if (!namePattern.test(name))
    throw new TypeError("a key's name has no space, no plus and no control character");
  return name;
}

function rawOf(key: KeyObject, part: "x" | "d"): Buffer {
  return Buffer.from(String(key.export({ format: "jwk" })[part]), "base64url");
}

const withAlgorithm = (raw: Buffer): string =>
  Buffer.concat([Buffer.from([algorithm]), raw]).toString("base64");

function rawFrom(base64: string | undefined): Buffer | null {
  const bytes = Buffer.from(base64 ?? "", "base64");
  const isRight = bytes.length === 33 && bytes[0] === algorithm && bytes.toString("base64") === base64;
  return isRight ? bytes.subarray(1) : null;
}
