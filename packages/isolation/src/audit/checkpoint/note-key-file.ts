/**
 * The file of the key that signs checkpoints: one line, for its owner alone, made once and never written over. It must never
 * be read when others can read it too.
 */
import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { KeyFileError } from "../../keys/key-file-error.ts";
import { formatNoteSigner, parseNoteSigner, type NoteSigner } from "./note-key.ts";

/** More than any such file has, in bytes. */
const maxSize = 1000;

/** Throws {@link KeyFileError}: `keys/exposed` where others can read it, `keys/malformed` where it is no such key. */
export function readNoteSigner(path: string): NoteSigner {
  let file: number;
  try {
    // Without waiting: opening a named pipe would stop the process until somebody writes to it.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    throw new KeyFileError("keys/malformed", `${path} cannot be read`);
  }
  try {
    const status = fstatSync(file);
    if (!status.isFile() || (status.mode & 0o077) !== 0)
      throw new KeyFileError(
        "keys/exposed",
        `${path} must be a file that only its owner can read (chmod 600)`,
      );
    const signer =
      status.size > maxSize ? null : parseNoteSigner(readFileSync(file, "utf8").replace(/\n$/, ""));
    if (signer === null) throw new KeyFileError("keys/malformed", `${path} holds no key for checkpoints`);
    return signer;
  } finally {
    closeSync(file);
  }
}

/** Throws {@link KeyFileError} `keys/exists` where there is a file. */
export function writeNoteSigner(path: string, signer: NoteSigner): void {
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
    writeSync(file, `${formatNoteSigner(signer)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
