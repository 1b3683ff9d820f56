export type KeyFileErrorCode =
  /** Others than its owner may read the file. */
  | "keys/exposed"
  /** The file is not what this store writes. */
  | "keys/malformed"
  /** A file is there already, which is never replaced. */
  | "keys/exists"
  /** Another process holds the file's draft, or one died with it. */
  | "keys/busy"
  /** No tenant can have this id. */
  | "keys/bad-tenant";

/** A key file could not be used. The message names the file and never a byte of it. */
export class KeyFileError extends Error {
  override readonly name = "KeyFileError";
  readonly code: KeyFileErrorCode;

  constructor(code: KeyFileErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
