/** What every act on a challenge is done in: the policy of now, the tenant's turn, place and keys; and errors as callers may see them. */
import { callerError } from "../driver/caller-error.ts";
import { enterTurn, uncancelled, withGuard, type GuardedDialectOptions } from "../driver/options.ts";
import { atPlace } from "../driver/place.ts";
import { prepared, type PreparedOptions } from "../driver/prepared.ts";
import { recordViolation } from "../driver/record-violation.ts";

export async function atTenant<T>(
  given: GuardedDialectOptions,
  act: "resume" | "review" | "approve",
  run: (placed: PreparedOptions) => Promise<T>,
): Promise<T> {
  // One policy for what was handed out and for what decides, whatever is loaded in between.
  const options = await withGuard(given);
  try {
    const share = await enterTurn(options, uncancelled);
    try {
      return await atPlace(options, async (place) => run(await prepared(place)));
    } finally {
      share.end();
    }
  } catch (error) {
    const refused = callerError(error, options.onOperatorError);
    await recordViolation(options, refused, { act });
    throw refused;
  }
}
