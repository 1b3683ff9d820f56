/** The contract of whoever proves who calls: evidence in, a principal of one tenant out. Nothing else makes principals of requests. */
import type { Attributes } from "@wardline/core";
import type { PrincipalInput } from "../principal.ts";
import type { SessionInput } from "../session-times.ts";

/** A token that whoever bears it may use. */
export interface BearerEvidence {
  readonly kind: "bearer";
  readonly token: string;
  /** The tenant that the request names, parsed; null where the evidence alone names it. */
  readonly tenant: string | null;
}

/** What a request brings to prove who calls. Another kind is another member; a verifier refuses those that it does not know. */
export type Evidence = BearerEvidence;

/** What was proved. */
export interface Verified {
  /** The subject is a member of it; the one that the evidence was for, where it named one. */
  readonly tenant: string;
  readonly principal: PrincipalInput;
  /** Context facts of the model that the evidence proves, such as a second factor. */
  readonly context: Attributes;
  /** Null where the evidence does not say when the person signed in; then policies that limit sessions deny. */
  readonly session: SessionInput | null;
  /** Up to when this holds; handles that were made of it end then. */
  readonly until: Date;
}

export interface Verifier {
  /**
   * Rejects with `IdentityRefused`. A tenant that does not exist, and one that the subject is no member of, are refused alike; and
   * nothing is said of a tenant before the evidence is good.
   */
  verify(evidence: Evidence): Promise<Verified>;
}
