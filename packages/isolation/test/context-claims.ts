/** Claims of contexts for tests. */
import type { ContextClaims } from "../src/contracts.ts";

/** Claims for tests that ask nothing of them but their tenant. */
export function claimsFor(tenant: string): ContextClaims {
  return {
    tenant,
    principal: { type: "Tester", id: "tester" },
    placementEpoch: 0,
    factsEpoch: null,
    revision: "1",
    intent: "gate",
    facts: {},
  };
}
