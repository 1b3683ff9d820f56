/** Policies whose reads are to be on record. */
import type { AuditLevel, Obligation } from "@wardline/core";
import type { PolicyGuard } from "../src/contracts.ts";

/** A policy whose views of these entities owe a duty. */
export function owing(guard: PolicyGuard, levels: Readonly<Record<string, AuditLevel>>): PolicyGuard {
  return {
    ...guard,
    view(entity, action, facts, options) {
      const level = levels[entity];
      const view = guard.view(entity, action, facts, options);
      return level === undefined ? view : { ...view, duties: [{ type: "audit", level }] };
    },
  };
}

/** A policy whose decisions that permit owe a duty. */
export function owingDecisions(guard: PolicyGuard, duty: Obligation): PolicyGuard {
  return {
    ...guard,
    decide(request) {
      const decision = guard.decide(request);
      return decision.outcome === "permit" ? { ...decision, obligations: [duty] } : decision;
    },
  };
}
