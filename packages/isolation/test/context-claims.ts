/** Claims for tests that ask nothing of them but their tenant. */
import type { ContextClaims } from "../src/contracts.ts";

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
