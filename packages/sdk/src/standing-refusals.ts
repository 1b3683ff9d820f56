/** Refusals of tenants' bundles. Each stands for a moment, so that who keeps asking does not have the bundle read each time. */
import type { BundleRejected } from "./bundle-rejected.ts";

interface Refused {
  readonly error: BundleRejected;
  /** By the process's own time, in milliseconds. */
  readonly until: number;
}

/** Milliseconds. */
export const refusalStands = 1_000;

export class StandingRefusals {
  readonly #refused = new Map<string, Refused>();

  of(tenant: string): BundleRejected | null {
    const refused = this.#refused.get(tenant);
    return refused !== undefined && performance.now() < refused.until ? refused.error : null;
  }

  put(tenant: string, error: BundleRejected): void {
    this.#refused.set(tenant, { error, until: performance.now() + refusalStands });
  }

  drop(tenant: string): void {
    this.#refused.delete(tenant);
  }

  clear(): void {
    this.#refused.clear();
  }
}
