/** A place outside the database where checkpoints are kept. What stands there once is never changed by us. */

/** A checkpoint as it is anchored. */
export interface AnchoredRecord {
  readonly log: string;
  readonly number: number;
  /** With its newline; the same bytes at every try. */
  readonly line: string;
}

export interface Anchor {
  /** As an operator names it, without secrets. */
  readonly name: string;
  /** Is there when it returns; doing it again changes nothing. Throws {@link AnchorError}. */
  put(record: AnchoredRecord): Promise<void>;
}

export type AnchorErrorCode =
  /** No answer, or one that asks to come again: it may be tried again. */
  | "anchor/unavailable"
  /** The anchor refuses us; an operator has to see to it. */
  | "anchor/refused"
  /** Another checkpoint stands there under this number. */
  | "anchor/conflict"
  /** What was given for an anchor is none. */
  | "anchor/bad-option";

export class AnchorError extends Error {
  override readonly name = "AnchorError";
  readonly code: AnchorErrorCode;
  /** Milliseconds that the anchor asks to wait. */
  readonly retryAfter: number | null;

  constructor(code: AnchorErrorCode, message: string, retryAfter: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}
