/** How a database's connections are shared among tenants. Work is a statement by itself, a transaction, a stream, or a decision. */
export interface FairnessOptions {
  /** How much work of one tenant is under way at once. */
  readonly perTenant: number;
  /** How much of all tenants: no more than the pool has connections, so that nobody waits in its line. Default: 10, as the pool's. */
  readonly atOnce?: number;
  /** How much of one tenant may wait; beyond it is refused with `tenant/busy`. Default: 100. */
  readonly queue?: number;
  /** Milliseconds that work waits for its turn at most; then it is refused with `tenant/busy`. Default: 10,000. */
  readonly patience?: number;
}

/** Throws TypeError for what is none. */
export function readFairness(given: FairnessOptions): Required<FairnessOptions> {
  const { perTenant, atOnce = 10, queue = 100, patience = 10_000 } = given;
  const read = { perTenant, atOnce, queue, patience };
  for (const [name, value] of Object.entries(read))
    if (!Number.isSafeInteger(value) || value < (name === "queue" ? 0 : 1) || value > 2 ** 31 - 1)
      throw new TypeError(`fairness.${name} is a whole number from ${name === "queue" ? 0 : 1}`);
  return read;
}
