/**
 * Files that hold a key: for their owner alone, and never read when others can read them too. No error shows what is in one.
 */
import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { KeyFileError } from "./key-file-error.ts";

/**
 * The text of the file, or null where it is longer than `mostBytes`. Throws {@link KeyFileError}: `keys/exposed` where others can read it,
 * `keys/malformed` where nobody can.
 */
export function readPrivateFile(path: string, mostBytes: number = Number.POSITIVE_INFINITY): string | null {
  const file = openToRead(path);
  try {
    const status = fstatSync(file);
    if (!status.isFile() || (status.mode & 0o077) !== 0)
      throw new KeyFileError(
        "keys/exposed",
        `${path} must be a file that only its owner can read (chmod 600)`,
      );
    return status.size > mostBytes ? null : readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

function openToRead(path: string): number {
  try {
    // Without waiting: opening a named pipe would stop the process until somebody writes to it.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new KeyFileError(
      "keys/malformed",
      isMissing ? `${path} cannot be read: there is no such file` : `${path} cannot be read`,
    );
  }
}

/** Makes the file. Throws {@link KeyFileError} `keys/exists` where there is one. */
export function makePrivateFile(path: string, text: string): void {
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
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
