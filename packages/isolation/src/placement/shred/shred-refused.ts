export type ShredRefusedCode =
  /** A legal hold is on record for the tenant. */
  | "shred/held"
  /** Nobody gave the provider of the tenant's keys. */
  | "shred/no-provider"
  /** The tenant has no keys, so nothing of it can be shredded. */
  | "shred/no-keys"
  /** Keys of the tenant were wrapped by another provider than the given one. */
  | "shred/other-provider"
  /** A shredding was begun that concerns the audit key where this one does not, or the other way round. */
  | "shred/begun-otherwise"
  /** The destruction of the tenant's keys has begun: a hold comes too late. */
  | "shred/begun"
  /** The file of the ledger of shredded tenants is not one. */
  | "shred/bad-ledger"
  /** There is no such hold. */
  | "shred/no-hold"
  /** What should be gone is there. */
  | "shred/not-destroyed";

/** A tenant was not shredded, or not further than it is; what was done stays done. The message holds no value of a row. */
export class ShredRefused extends Error {
  override readonly name = "ShredRefused";
  readonly code: ShredRefusedCode;

  constructor(code: ShredRefusedCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Not a failure: what has to pass first. */
export class ShredWaits extends Error {
  override readonly name = "ShredWaits";
  readonly code = "shred/waits";
  readonly step: string;
  readonly until: Date;

  constructor(step: string, until: Date) {
    super(`${step}: until ${until.toISOString()}`);
    this.step = step;
    this.until = until;
  }
}
