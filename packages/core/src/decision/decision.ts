import type { Obligation } from "./obligation.ts";

export type Outcome = "permit" | "challenge" | "deny";

/** Why a deny, the first that holds in this order. */
export type DenyReason = "invalid_input" | "out_of_scope" | "forbidden" | "not_granted";

/**
 * The answer to a request. The same document from every artefact.
 * - permit: `rules` are the grants that matched; `obligations` field effects in model order, then duties.
 * - challenge: `rules` are the requires with an unmet precondition, `obligations` those preconditions.
 * - deny: `rules` are the matching forbids (reason `forbidden`), else empty; no obligations.
 * Rules come in the order of the program, without duplicates.
 */
export interface Decision {
  readonly outcome: Outcome;
  readonly rules: readonly string[];
  readonly obligations: readonly Obligation[];
  readonly reason: DenyReason | null;
}
