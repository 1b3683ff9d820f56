/** Which policies an open Wardline keeps at hand. */
export interface PolicyOptions {
  /**
   * `all`: every bundle is opened at the start and at every reload, and one that is bad refuses all. `on-demand`: the signed documents are
   * checked for all tenants, and each bundle when its tenant is first asked for; one that is bad denies its tenant alone. Default: `all`.
   */
  readonly load?: "all" | "on-demand";
  /** On demand: how many policies are kept at hand. The least recently used go first. Default: 1,000. */
  readonly mostLoaded?: number;
  /** On demand: the bytes that they may take, as estimated from their size. Default: 256 MiB. */
  readonly mostBytes?: number;
  /** On demand: how many bundles are fetched and checked at once; others wait. Default: 4. */
  readonly loadsAtOnce?: number;
}

/** Throws TypeError for what is none. */
export function readPolicyOptions(given: PolicyOptions = {}): Required<PolicyOptions> {
  const { load = "all", mostLoaded = 1_000, mostBytes = 2 ** 28, loadsAtOnce = 4 } = given;
  if (load !== "all" && load !== "on-demand") throw new TypeError('policies are loaded "all" or "on-demand"');
  for (const [name, value] of Object.entries({ mostLoaded, mostBytes, loadsAtOnce }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new TypeError(`policies.${name} is a whole number from 1`);
  return { load, mostLoaded, mostBytes, loadsAtOnce };
}
