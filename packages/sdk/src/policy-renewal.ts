/** Looks for a later policy of a tenant than one that the database calls passed; not again and again where there is none. */
import type { PolicyGuard } from "@wardline/isolation";
import { isDenying, type Policy } from "./policy-guard.ts";
import { refusalStands } from "./standing-refusals.ts";

export interface RenewalParts {
  readonly atHand: (tenant: string) => Policy | null;
  /** Brings to hand what there is now. Never rejects. */
  readonly look: (tenant: string) => Promise<void>;
}

export class PolicyRenewal {
  readonly #parts: RenewalParts;
  /** Until when a later policy of a tenant is not looked for, by the process's own time in milliseconds. */
  readonly #soughtInVain = new Map<string, number>();

  constructor(parts: RenewalParts) {
    this.#parts = parts;
  }

  /** Null where there is no other. */
  async find(tenant: string, passed: PolicyGuard): Promise<Policy | null> {
    const other = (): Policy | null => {
      const policy = this.#parts.atHand(tenant);
      return policy === passed ? null : policy;
    };
    const known = other();
    if (known !== null && !isDenying(passed)) return known;
    if (performance.now() < (this.#soughtInVain.get(tenant) ?? 0)) return null;
    await this.#parts.look(tenant);
    const found = other();
    if (found === null) this.#soughtInVain.set(tenant, performance.now() + refusalStands);
    else this.#soughtInVain.delete(tenant);
    return found;
  }
}
