/** The file of a key that signs contexts: JSON, readable by its owner alone, made once and never written over. */
import { KeyFileError } from "../keys/key-file-error.ts";
import { makePrivateFile, readPrivateFile } from "../keys/private-file.ts";
import { checkContextKey, type ContextKey } from "./context-key.ts";

const format = "wardline/context-key/1";
const keyForm = /^[A-Za-z0-9+/]{43}=$/;
/** More than any file of this format has, in bytes. */
const maxSize = 1000;

/** Throws {@link KeyFileError}: `keys/exposed` where others can read it, `keys/malformed` where it is no such key. */
export function readContextKey(path: string): ContextKey {
  const text = readPrivateFile(path, maxSize);
  const key = text === null ? null : parse(text);
  if (key === null) throw new KeyFileError("keys/malformed", `${path} holds no context key`);
  return key;
}

/** Throws {@link KeyFileError} `keys/exists` where there is a file. */
export function writeContextKey(path: string, key: ContextKey): void {
  const { id, secret } = checkContextKey(key);
  const document = { format, id, key: Buffer.from(secret).toString("base64") };
  makePrivateFile(path, `${JSON.stringify(document, null, 2)}\n`);
}

function parse(text: string): ContextKey | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) return null;
  const { format: found, id, key, ...more } = document as Record<string, unknown>;
  if (found !== format || Object.keys(more).length > 0) return null;
  if (typeof id !== "number" || typeof key !== "string" || !keyForm.test(key)) return null;
  try {
    return checkContextKey({ id, secret: new Uint8Array(Buffer.from(key, "base64")) });
  } catch {
    return null;
  }
}
