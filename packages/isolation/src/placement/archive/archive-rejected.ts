export type ArchiveRejectedCode =
  /** There is no such folder, or a file of it cannot be read. */
  | "archive/unreadable"
  /** A file stands where the archive is to be written. */
  | "archive/exists"
  /** The manifest is not what this version writes. */
  | "archive/bad-manifest"
  /** The archive is another tenant's. */
  | "archive/other-tenant"
  /** The archive was made of another model's tables. */
  | "archive/other-model"
  /** A file is not the one that the manifest speaks of. */
  | "archive/changed"
  /** A trusted key was asked for, and nothing is signed. */
  | "archive/unsigned"
  /** The signature is not that of the trusted key. */
  | "archive/bad-signature"
  /** Two rows of a table have one key. */
  | "archive/duplicate-row"
  /** A row does not fit its table, or refers to one that is not there. */
  | "archive/bad-row";

/** An archive was refused; nothing of it is used. The message names files and tables, never a value. */
export class ArchiveRejected extends Error {
  override readonly name = "ArchiveRejected";
  readonly code: ArchiveRejectedCode;

  constructor(code: ArchiveRejectedCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
