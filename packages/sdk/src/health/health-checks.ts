/** Puts together what is known of the process at this moment, and asks the database. */
import type { ContextGate, Database, KeyRing } from "@wardline/isolation";
import type { Policies } from "../policies.ts";
import { Recent } from "../telemetry/recent.ts";
import { DatabaseProbe } from "./database-probe.ts";
import { recentHealth, worstOf, type Health, type PoliciesHealth } from "./health.ts";

/** How what is done again and again went lately. */
export interface RecentWork {
  readonly keys: Recent;
  readonly audit: Recent;
}

/** A key that was destroyed or disabled is its tenant's matter: the provider works. */
const ofOneTenant: ReadonlySet<string> = new Set([
  "keys/destroyed",
  "keys/disabled",
  "keys/missing",
  "keys/not-authentic",
]);

export function recentOf(clock: () => Date): RecentWork {
  return { keys: new Recent(clock, (code) => !ofOneTenant.has(code)), audit: new Recent(clock) };
}

export interface HealthParts {
  readonly policies: Policies;
  readonly database: Database;
  /** Null where tenants are in several places: then the catalogue alone is asked. */
  readonly gate: ContextGate | null;
  readonly keys: KeyRing;
  readonly recent: RecentWork;
  readonly clock: () => Date;
  readonly onOperatorError: (error: unknown) => void;
}

export class HealthChecks {
  readonly #parts: HealthParts;
  readonly #probe: DatabaseProbe;

  constructor(parts: HealthParts) {
    const { database, gate, policies, onOperatorError } = parts;
    this.#parts = parts;
    this.#probe = new DatabaseProbe({
      database,
      onOperatorError,
      claims() {
        const policy = policies.anyInForce;
        if (gate === null || policy === null) return null;
        const { program, revision } = policy;
        const principal = { type: "Wardline", id: "health" };
        const claims = { tenant: program.tenant, principal, revision, intent: "gate" };
        return { gate, claims: { ...claims, placementEpoch: 0, factsEpoch: null, facts: {} } };
      },
    });
  }

  async ask(isClosed: boolean): Promise<Health> {
    const { keys, recent } = this.#parts;
    const policies = isClosed ? closedPolicies : this.#policies();
    const database = isClosed
      ? ({ status: "down", milliseconds: null, contextAccepted: null } as const)
      : await this.#probe.ask();
    const checks = {
      policies,
      database,
      keys: { ...recentHealth(recent.keys.failure), tenants: keys.size },
      audit: recentHealth(recent.audit.failure),
    };
    const status = worstOf(Object.values(checks).map((check) => check.status));
    return { status, ready: policies.status !== "down" && database.status !== "down", checks };
  }

  #policies(): PoliciesHealth {
    const { policies, clock } = this.#parts;
    const { inForceUntil, ...state } = policies.state;
    const isDown = state.tenants === 0 || (state.loaded > 0 && state.expired === state.loaded);
    const isDegraded = state.refused !== null || state.expired > 0;
    return {
      ...state,
      status: isDown ? "down" : isDegraded ? "degraded" : "ok",
      inForceUntil: inForceUntil === null ? null : new Date(inForceUntil),
      expiresIn: inForceUntil === null ? null : inForceUntil - clock().getTime(),
    };
  }
}

const closedPolicies: PoliciesHealth = {
  status: "down",
  tenants: 0,
  loaded: 0,
  expired: 0,
  inForceUntil: null,
  expiresIn: null,
  refused: null,
};
