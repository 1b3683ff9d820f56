/**
 * The file of a key that signs contexts: JSON, readable by its owner alone, made once and never written over. It must never be
 * read when others can read it too.
 */
import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { KeyFileError } from "../keys/key-file-error.ts";
import { checkContextKey, type ContextKey } from "./context-key.ts";

const format = "wardline/context-key/1";
const keyForm = /^[A-Za-z0-9+/]{43}=$/;
/** More than any file of this format has, in bytes. */
const maxSize = 1000;

/** Throws {@link KeyFileError}: `keys/exposed` where others can read it, `keys/malformed` where it is no such key. */
export function readContextKey(path: string): ContextKey {
  const file = openToRead(path);
  try {
    const status = fstatSync(file);
    if (!status.isFile() || (status.mode & 0o077) !== 0)
      throw new KeyFileError(
        "keys/exposed",
        `${path} must be a file that only its owner can read (chmod 600)`,
      );
    const key = status.size > maxSize ? null : parse(readFileSync(file, "utf8"));
    if (key === null) throw new KeyFileError("keys/malformed", `${path} holds no context key`);
    return key;
  } finally {
    closeSync(file);
  }
}

function openToRead(path: string): number {
  try {
    // Without waiting: opening a named pipe would stop the process until somebody writes to it.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    throw new KeyFileError("keys/malformed", `${path} cannot be read`);
  }
}

/** Throws {@link KeyFileError} `keys/exists` where there is a file. */
export function writeContextKey(path: string, key: ContextKey): void {
  const { id, secret } = checkContextKey(key);
  let file: number;
  try {
    file = openSync(path, "wx", 0o600);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new KeyFileError(
      isThere ? "keys/exists" : "keys/malformed",
      isThere ? `${path} is there: a key is never written over` : `${path} cannot be written`,
    );
  }
  try {
    writeSync(
      file,
      `${JSON.stringify({ format, id, key: Buffer.from(secret).toString("base64") }, null, 2)}\n`,
    );
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
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
