/** Runs something under observation. Whoever observes changes nothing of it, whatever they do themselves. */
import { outcomeOf } from "./outcome-of.ts";
import type { Ended, Observation, Telemetry, Work } from "./telemetry.ts";

export function begin(telemetry: Telemetry, work: Work, tenant: string | null): Observation {
  let begun: Observation;
  try {
    begun = telemetry.begin(work, tenant);
  } catch {
    return unobserved;
  }
  let isOver = false;
  return {
    within: (run) => begun.within(run),
    end(ended) {
      if (isOver) return;
      isOver = true;
      try {
        begun.end(ended);
      } catch {
        // What was done stands.
      }
    },
  };
}

const unobserved: Observation = { within: (run) => run(), end: () => undefined };

/** `ended` says what became of it where it did not throw. */
export async function observe<T>(
  telemetry: Telemetry | undefined,
  work: Work,
  tenant: string | null,
  run: () => Promise<T>,
  ended: (value: T) => Ended = () => ({ outcome: "ok" }),
): Promise<T> {
  if (telemetry === undefined) return run();
  const seen = begin(telemetry, work, tenant);
  try {
    const value = await seen.within(run);
    seen.end(ended(value));
    return value;
  } catch (error) {
    seen.end(outcomeOf(error));
    throw error;
  }
}
