/** Tells whoever is to be told of what a person should look at: each reason once for a tenant, until a new moment is in force. */
import type { BundleRejectedCode } from "./bundle-rejected.ts";

/** Something about the policies that a person should look at. */
export interface PolicyAlarm {
  /** Of a refused load, or `bundle/expired` for a tenant that is denied everything from now on. */
  readonly code: BundleRejectedCode;
  readonly message: string;
  /** The tenant whose bundle has expired, or was refused alone; null for a load that was refused as a whole. */
  readonly tenant: string | null;
  /** When the first of the bundles in force ends; null if none does, or where it has ended already. */
  readonly inForceUntil: Date | null;
}

export class PolicyAlarms {
  readonly #onAlarm: (alarm: PolicyAlarm) => void;
  /** What was told of a tenant already. */
  readonly #told = new Map<string, string>();

  constructor(onAlarm: (alarm: PolicyAlarm) => void) {
    this.#onAlarm = onAlarm;
  }

  forget(): void {
    this.#told.clear();
  }

  ofTenant(tenant: string, code: BundleRejectedCode, message: string): void {
    if (this.#told.get(tenant) === code) return;
    this.#told.set(tenant, code);
    this.#tell({ code, message, tenant, inForceUntil: null });
  }

  /** `until`: when the first of the bundles that stay in force ends, in milliseconds since 1970. */
  ofReload(code: BundleRejectedCode, message: string, until: number | null): void {
    this.#tell({ code, message, tenant: null, inForceUntil: until === null ? null : new Date(until) });
  }

  #tell(alarm: PolicyAlarm): void {
    try {
      this.#onAlarm(alarm);
    } catch {
      // Whoever is told decides nothing: a policy that must not decide does not, whatever they make of it.
    }
  }
}
