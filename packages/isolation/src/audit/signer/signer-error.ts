/** Why a checkpoint was not signed. A code is stable; a message names tenants and places in a chain, and nothing that an entry says. */
import type { Broken } from "../verify/why-broken.ts";

export type SignerErrorCode =
  /** A chain does not go on from what was signed last. Nothing was signed. */
  | "audit/inconsistent"
  /** The signer's own folder is damaged, or another's. */
  | "audit/signer-state"
  /** Another process signs from this folder. */
  | "audit/signer-busy"
  /** The clock is behind the last checkpoint. */
  | "audit/clock";

export class SignerError extends Error {
  override readonly name = "SignerError";
  readonly code: SignerErrorCode;
  /** Where a chain is inconsistent: whose it is, and the first place that is wrong. */
  readonly at: ({ readonly tenant: string } & Broken) | null;

  constructor(code: SignerErrorCode, message: string, at: SignerError["at"] = null) {
    super(message);
    this.code = code;
    this.at = at;
  }
}

export function inconsistent(tenant: string, { seq, reason }: Broken): SignerError {
  return new SignerError(
    "audit/inconsistent",
    `the chain of ${tenant} does not go on from the last checkpoint: entry ${seq} is ${reason}; nothing was signed`,
    { tenant, seq, reason },
  );
}
