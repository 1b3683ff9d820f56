/**
 * Where the transactions of a tenant go, and by which policy. A place that the database calls stale is looked up anew, as is a policy that
 * another process has a later one of, and what was refused with it is repeated. Invariant: it is refused as a context is entered, before
 * anything of the caller's is executed, or as a read is put on record, before a row of it is shown; never once something is committed.
 */
import type { Place } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import type { GuardedDialectOptions } from "./options.ts";

/**
 * Runs with the options of the tenant's place. Throws `placement/stale` where a second look shows no other place, and `policy/rolled-back` where
 * it shows no other policy.
 */
export function atPlace<T>(
  given: GuardedDialectOptions,
  run: (options: GuardedDialectOptions) => Promise<T>,
): Promise<T> {
  return withRenewal(given, () => atFoundPlace(given, run));
}

/** How often one statement may meet a publication. */
const mostRuns = 4;

/** Runs again where the database knew a later policy and it came to hand. */
export async function withRenewal<T>(given: GuardedDialectOptions, run: () => Promise<T>): Promise<T> {
  for (let runs = 1; ; runs += 1) {
    const { guard } = given;
    try {
      return await run();
    } catch (error) {
      const isPassed = error instanceof IsolationViolation && error.code === "policy/rolled-back";
      if (!isPassed || runs === mostRuns) throw error;
      const next = (await given.renew?.(guard)) ?? null;
      // Options that keep one policy are renewed by whoever made them.
      if (next === null || given.guard === guard) throw error;
    }
  }
}

async function atFoundPlace<T>(
  given: GuardedDialectOptions,
  run: (options: GuardedDialectOptions) => Promise<T>,
): Promise<T> {
  const { places } = given;
  if (places === undefined) return run(given);
  const place = await places.find();
  try {
    return await run(await placed(given, place));
  } catch (error) {
    if (!(error instanceof IsolationViolation) || error.code !== "placement/stale") throw error;
    const next = await places.find(place);
    if (next.epoch === place.epoch) throw error;
    return run(await placed(given, next));
  }
}

async function placed(given: GuardedDialectOptions, place: Place): Promise<GuardedDialectOptions> {
  const context = (await given.contexts?.at(place.database)) ?? given.context;
  return {
    ...given,
    // Still looked up when the transaction begins, and not now.
    get guard() {
      return given.guard;
    },
    database: place.database,
    context,
    placementEpoch: place.epoch,
  };
}
