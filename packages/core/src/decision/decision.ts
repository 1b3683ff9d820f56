import type { Obligation } from "./obligation.ts";

export type Outcome = "permit" | "challenge" | "deny";

/** Why a deny, the first that holds in this order. */
export type DenyReason = "invalid_input" | "out_of_scope" | "forbidden" | "not_granted";

/**
 * The answer to a request. The same document from every artefact.
 * - permit: `rules` are the grants that count; `obligations` field effects in model order, then duties: `encrypt`, `audit`,
 *   `notify`, and last the limits to draw from.
 * - challenge: `rules` are the requires and, where no grant counts, the grants with an unmet precondition; `obligations`
 *   are the preconditions of the first alternative.
 * - deny: `rules` are the matching forbids (reason `forbidden`), or the rules whose limits are exhausted, else empty;
 *   no obligations.
 * Rules come in the order of the program, without duplicates.
 */
export interface Decision {
  readonly outcome: Outcome;
  readonly rules: readonly string[];
  readonly obligations: readonly Obligation[];
  readonly reason: DenyReason | null;
  /**
   * Of a challenge that can be met in more ways than one: the smallest sets of preconditions that would do, the fewest
   * first, 16 at most. The first is `obligations`.
   */
  readonly alternatives?: readonly (readonly Obligation[])[];
  /** Of a deny by an exhausted limit: microseconds until it may be asked again; left out where that is not known. */
  readonly retry_after?: number;
}
