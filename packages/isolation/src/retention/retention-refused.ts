export type RetentionRefusedCode =
  /** A legal hold is on record for the tenant: nothing of it is deleted. */
  "retention/held";

/** Rows that a policy does not keep any longer stay all the same. What was deleted before stands. */
export class RetentionRefused extends Error {
  override readonly name = "RetentionRefused";
  readonly code: RetentionRefusedCode;

  constructor(code: RetentionRefusedCode, message: string) {
    super(message);
    this.code = code;
  }
}
