/** Refusals that name no rule. Frozen, since answers share them. */
import type { Decision, DenyReason } from "@wardline/core";

function deny(reason: DenyReason): Decision {
  return Object.freeze({ outcome: "deny", rules: Object.freeze([]), obligations: Object.freeze([]), reason });
}

export const denied = Object.freeze({
  invalid_input: deny("invalid_input"),
  out_of_scope: deny("out_of_scope"),
  forbidden: deny("forbidden"),
  not_granted: deny("not_granted"),
}) satisfies Record<DenyReason, Decision>;
