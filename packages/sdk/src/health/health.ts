/** How an open Wardline is, for whoever watches the process. It names no tenant. */
import type { RecentFailure } from "../telemetry/recent.ts";

export type HealthStatus = "ok" | "degraded" | "down";

export interface PoliciesHealth {
  readonly status: HealthStatus;
  /** Tenants that have a bundle. */
  readonly tenants: number;
  /** Policies at hand. */
  readonly loaded: number;
  /** Of these, whose time is over: their tenants are denied everything. */
  readonly expired: number;
  /** When the first of those in force ends, and milliseconds until then; null where none does. */
  readonly inForceUntil: Date | null;
  readonly expiresIn: number | null;
  /** Why the last load was refused; null where it was good. */
  readonly refused: string | null;
}

export interface DatabaseHealth {
  readonly status: HealthStatus;
  /** Milliseconds that the last answer took; null where there was none in time. */
  readonly milliseconds: number | null;
  /** Whether a signed context was accepted; null where nothing was there to enter, as with tenants in several places. */
  readonly contextAccepted: boolean | null;
}

export interface RecentHealth {
  readonly status: HealthStatus;
  /** The last failure; null since it went well again. */
  readonly failure: RecentFailure | null;
}

export interface KeysHealth extends RecentHealth {
  /** Tenants whose keys are held. */
  readonly tenants: number;
}

export interface Health {
  /** The worst of the checks. */
  readonly status: HealthStatus;
  /** Whether requests would be served: policies are in force, the database answers and accepts contexts. */
  readonly ready: boolean;
  readonly checks: {
    readonly policies: PoliciesHealth;
    readonly database: DatabaseHealth;
    readonly keys: KeysHealth;
    readonly audit: RecentHealth;
  };
}

export function worstOf(statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.includes("down")) return "down";
  return statuses.includes("degraded") ? "degraded" : "ok";
}

export function recentHealth(failure: RecentFailure | null): RecentHealth {
  return { status: failure === null ? "ok" : "degraded", failure };
}
