/** What is still to be known of policies that are not at hand any more: how long they are in force, and what they set. */
import { isSameBundle, type BundleMark } from "@wardline/backends";
import type { Settings } from "@wardline/core";
import type { HeldPolicy } from "./loaded-policies.ts";
import type { Moment } from "./moment.ts";

interface Left {
  readonly mark: BundleMark;
  /** Null where it is not known by the moment in force. */
  readonly until: number | null;
  readonly settings: Settings;
}

export class LeftPolicies {
  readonly #left = new Map<string, Left>();

  of(tenant: string): Left | undefined {
    return this.#left.get(tenant);
  }

  put(tenant: string, { mark, until, policy }: HeldPolicy): void {
    this.#left.set(tenant, { mark, until, settings: policy.program.settings ?? {} });
  }

  drop(tenant: string): void {
    this.#left.delete(tenant);
  }

  /** Forgets what is of other bundles than the moment's, and until when the others are in force. */
  goOn(next: Moment): void {
    for (const [tenant, left] of this.#left) {
      const mark = next.mark(tenant);
      if (mark === undefined || !isSameBundle(mark, left.mark)) this.#left.delete(tenant);
      else this.#left.set(tenant, { ...left, until: null });
    }
  }
}
