/** Why a source of bundles, or a place to publish to, is not what it was to be. */

/** Stable. */
export type SourceErrorCode =
  /** What was given as an address or an option is none. */
  | "source/bad-address"
  /** Policies would cross a network in plain text. */
  | "source/plaintext"
  /** A path that is none of a repository. */
  | "source/bad-path"
  /** Nobody answers, or with something else than the file. */
  | "source/unavailable"
  /** Someone else published meanwhile; nothing was published. */
  | "source/conflict"
  /** There is no repository to go on with. */
  | "source/missing"
  /** What is there is no repository of ours. */
  | "source/foreign";

export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly code: SourceErrorCode;

  /** What is wrong, and what to do about it. */
  readonly reason: string;
  readonly cure: string | undefined;

  constructor(code: SourceErrorCode, message: string, cure?: string, options?: ErrorOptions) {
    super(cure === undefined ? message : `${message}: ${cure}`, options);
    this.code = code;
    this.reason = message;
    this.cure = cure;
  }
}
